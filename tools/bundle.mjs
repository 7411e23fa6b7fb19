// Bundles a tool with core inside, into three CommonJS files at most, because reading code takes Node milliseconds: what
// every run needs, what some runs import later, and what only --help, --man and --completion do.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build, transform } from 'esbuild'

/** Modules of core that explain the tool; what they alone import is the third file. */
const ABOUT = /\/(help|man|completion)\.ts$/

/** @typedef {{ readonly name: string, readonly code: string }} Piece */

/**
 * Makes `dist/NAME.cjs` and its companions from `src/bin.ts`. koffi stays outside: it brings binaries.
 * @param {string} folder the package's
 * @param {string} name the command
 * @param {{ readonly early?: RegExp }} options `early`: modules that are imported late, but in nearly every run
 */
export async function bundle(folder, name, { early } = {}) {
  const { outputFiles, metafile } = await split(folder, name)
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]))
  const entry = `${name}.cjs`
  const isEarly = (/** @type {string} */ chunk) => early?.test(outputs.get(chunk)?.entryPoint ?? '') === true
  const first = reach(outputs, [entry, ...[...outputs.keys()].filter(isEarly)], 'import-statement')
  const abouts = [...outputs].filter(([, { entryPoint = '' }]) => ABOUT.test(entryPoint)).map(([chunk]) => chunk)
  const rest = [...outputs.keys()].filter((chunk) => !first.has(chunk))
  const told = reach(outputs, abouts, 'any')
  const used = reach(outputs, rest.filter((chunk) => !told.has(chunk)), 'import-statement')
  const groups = {
    more: rest.filter((chunk) => used.has(chunk)),
    about: rest.filter((chunk) => !used.has(chunk)),
  }
  const dist = join(folder, 'dist')
  mkdirSync(dist, { recursive: true })
  for (const old of readdirSync(dist)) if (old.endsWith('.cjs')) rmSync(join(dist, old))
  /** @type {Record<string, string>} */
  const files = {}
  for (const [group, chunks] of Object.entries(groups)) {
    if (chunks.length === 0) continue
    for (const chunk of chunks) files[chunk] = `./${name}-${group}.cjs`
    writeFileSync(join(dist, `${name}-${group}.cjs`), `module.exports=${await pieces(texts, chunks)}\n`)
  }
  const own = await pieces(texts, [...first])
  writeFileSync(join(dist, entry), `#!/usr/bin/env node\n'use strict';${loader(own, files, entry)}\n`)
}

/** @param {string} folder @param {string} name */
function split(folder, name) {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return build({
    absWorkingDir: folder,
    entryPoints: { [name]: 'src/bin.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['portkit-source'],
    external: ['koffi'],
    define: { 'import.meta.url': '__filename', PORTKIT_VERSION: JSON.stringify(version) },
    legalComments: 'none',
    minify: true,
    logLevel: 'warning',
  })
}

/**
 * The chunks that these import, and so on, themselves included.
 * @param {Map<string, import('esbuild').Metafile['outputs'][string]>} outputs @param {readonly string[]} from
 * @param {'import-statement' | 'any'} kind
 */
function reach(outputs, from, kind) {
  const seen = new Set(from)
  for (const chunk of seen) {
    for (const { path, kind: how } of outputs.get(chunk)?.imports ?? []) {
      const to = basename(path)
      if (outputs.has(to) && (kind === 'any' || how === kind)) seen.add(to)
    }
  }
  return seen
}

/**
 * An object literal with a function for each chunk. esbuild splits ES modules only, so each is turned into CommonJS.
 * @param {Map<string, string>} texts @param {readonly string[]} chunks
 */
async function pieces(texts, chunks) {
  const entries = await Promise.all(
    chunks.map(async (chunk) => {
      const options = /** @type {const} */ ({ format: 'cjs', platform: 'node', target: 'node20', minify: true })
      const text = (texts.get(chunk) ?? '').replace(/^#!.*\n/, '')
      const { code } = await transform(text, { ...options, supported: { 'dynamic-import': false } })
      return `${JSON.stringify(chunk)}:function(module,exports,require){${code.trim()}\n}`
    }),
  )
  return `{${entries.join(',\n')}}`
}

/** @param {string} own @param {Readonly<Record<string, string>>} files @param {string} entry */
function loader(own, files, entry) {
  return `const pieces=${own};
const files=${JSON.stringify(files)},made=Object.create(null);
const find=(path)=>{const name=path.startsWith('./')?path.slice(2):path;
if(made[name])return made[name].exports;
if(!pieces[name]){if(!files[name])return require(path);Object.assign(pieces,require(files[name]))}
const module=made[name]={exports:{}};pieces[name](module,module.exports,find);return module.exports};
find.resolve=require.resolve;find(${JSON.stringify(entry)});`
}
