// Bundles a tool with core inside, into a few CommonJS files, because reading code takes Node milliseconds: what
// every run needs, what some runs import later, what only --help, --man and --completion do, and whole packets.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, transform } from 'esbuild'

/** Modules of core that explain the tool; what they alone import is the third file. */
const ABOUT = /\/(help|man|completion)\.ts$/

/** What whole packets take, which most runs of most tools do not: a file of its own, unless the tool has no need of it. */
const PACKETS = /\/(packets-io|by-packets)\.ts$/

const INDEX = fileURLToPath(new URL('../packages/core/src/index.ts', import.meta.url))

/**
 * Makes `dist/NAME.cjs` and its companions from `src/bin.ts`. koffi and raw-socket stay outside: they are binaries.
 * @param {string} folder the package's
 * @param {string} name the command
 * @param {{ readonly early?: RegExp, readonly second?: RegExp }} options modules that are imported late: `early` in
 *   nearly every run, `second` in most; these and what they import are a file of their own
 */
export async function bundle(folder, name, { early, second } = {}) {
  const { outputFiles, metafile } = await split(folder, name)
  const texts = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
  const outputs = new Map(Object.entries(metafile.outputs).map(([path, output]) => [basename(path), output]))
  const entry = `${name}.js`
  const first = reach(
    outputs,
    [entry, ...[...outputs.keys()].filter(isNamed(outputs, early))],
    'import-statement',
  )
  const abouts = [...outputs]
    .filter(([, { entryPoint = '' }]) => ABOUT.test(entryPoint))
    .map(([chunk]) => chunk)
  const isPackets = isNamed(outputs, PACKETS)
  const common = reach(outputs, [entry], 'any', isPackets)
  const packets = [...outputs.keys()].filter((chunk) => !common.has(chunk))
  const rest = [...outputs.keys()].filter((chunk) => !first.has(chunk) && common.has(chunk))
  const told = reach(outputs, abouts, 'any')
  const used = reach(
    outputs,
    rest.filter((chunk) => !told.has(chunk)),
    'import-statement',
  )
  const commandLine = reach(outputs, [...outputs.keys()].filter(isNamed(outputs, second)), 'import-statement')
  const groups = {
    cli: rest.filter((chunk) => commandLine.has(chunk)),
    more: rest.filter((chunk) => used.has(chunk) && !commandLine.has(chunk)),
    packets,
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
  writeFileSync(join(dist, `${name}.cjs`), await together(texts, [...first], files, entry))
}

/** @param {string} folder @param {string} name */
function split(folder, name) {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return build({
    absWorkingDir: folder,
    entryPoints: { [name]: 'src/bin.ts' },
    outdir: 'dist',
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['portkit-source'],
    external: ['koffi', 'raw-socket'],
    define: { 'import.meta.url': '__filename', PORTKIT_VERSION: JSON.stringify(version) },
    legalComments: 'none',
    minify: true,
    logLevel: 'warning',
    plugins: [pastTheIndex(folder)],
  })
}

/**
 * Has a tool import core's modules themselves. Through core's index every module that any part of the tool uses would
 * count as used by its start, and end up in the first file.
 * @param {string} folder the tool's package @returns {import('esbuild').Plugin}
 */
function pastTheIndex(folder) {
  const home = moduleOf()
  const direct = (/** @type {string} */ list) =>
    list
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '' && !part.startsWith('type '))
      .map((part) => `import { ${part} } from '${home.get(part) ?? INDEX}'`)
      .join('; ')
  return {
    name: 'past-the-index',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/.*\.ts$/ }, ({ path }) => {
        if (!isTools(path, folder)) return undefined
        const text = readFileSync(path, 'utf8')
        const imports = /^import \{([^}]*)\} from '@portkit\/core'$/gm
        return { contents: text.replace(imports, (_, list) => direct(list)), loader: 'ts' }
      })
    },
  }
}

/**
 * Whether a module is the tool's own, or of another tool that it is made with: of a package beside core.
 * @param {string} path @param {string} folder
 */
function isTools(path, folder) {
  return path.startsWith(join(folder, '..')) && !path.startsWith(join(INDEX, '..'))
}

/** Which of core's modules exports a name. @returns {ReadonlyMap<string, string>} */
function moduleOf() {
  const exports = [...readFileSync(INDEX, 'utf8').matchAll(/^export \{([^}]*)\} from '(.*)'$/gm)]
  return new Map(
    exports.flatMap(([, list = '', path = '']) =>
      list.split(',').map((part) => /** @type {const} */ ([part.trim(), join(INDEX, '..', path)])),
    ),
  )
}

/**
 * Tells chunks whose own module matches.
 * @param {Map<string, import('esbuild').Metafile['outputs'][string]>} outputs @param {RegExp | undefined} pattern
 * @returns {(chunk: string) => boolean}
 */
function isNamed(outputs, pattern) {
  return (chunk) => pattern?.test(outputs.get(chunk)?.entryPoint ?? '') === true
}

/**
 * The chunks that these import, and so on, themselves included.
 * @param {Map<string, import('esbuild').Metafile['outputs'][string]>} outputs @param {readonly string[]} from
 * @param {'import-statement' | 'any'} kind @param {(chunk: string) => boolean} isBarred
 */
function reach(outputs, from, kind, isBarred = () => false) {
  const seen = new Set(from)
  for (const chunk of seen) {
    for (const { path, kind: how } of outputs.get(chunk)?.imports ?? []) {
      const to = basename(path)
      if (outputs.has(to) && (kind === 'any' || how === kind) && !isBarred(to)) seen.add(to)
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
      const options = /** @type {const} */ ({
        format: 'cjs',
        platform: 'node',
        target: 'node20',
        minify: true,
      })
      const text = (texts.get(chunk) ?? '').replace(/^#!.*\n/, '')
      const { code } = await transform(text, { ...options, supported: { 'dynamic-import': false } })
      return `${JSON.stringify(chunk)}:function(module,exports,require){${code.trim()}\n}`
    }),
  )
  return `{${entries.join(',\n')}}`
}

/**
 * The chunks as one piece of code, without a function around each: V8 would read those twice. They stay to be had by
 * name for the other files.
 * @param {Map<string, string>} texts @param {readonly string[]} chunks
 * @param {Readonly<Record<string, string>>} files where the other chunks are @param {string} entry
 */
async function together(texts, chunks, files, entry) {
  const shared = chunks.filter((chunk) => chunk !== entry)
  const imports = shared.map((chunk, i) => `import * as shared${i} from './${chunk}'`)
  const names = shared.map((chunk, i) => `${JSON.stringify(chunk)}: shared${i}`)
  const { outputFiles } = await build({
    stdin: {
      contents: `${imports.join('\n')}\nimport './${entry}'\nrequire.made = { ${names.join(', ')} }`,
      resolveDir: '/',
    },
    plugins: [
      {
        name: 'chunks',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^\.\// }, ({ path }) =>
            chunks.includes(path.slice(2)) ? { path, namespace: 'chunk' } : { path, external: true },
          )
          onLoad({ filter: /.*/, namespace: 'chunk' }, ({ path }) => ({
            contents: texts.get(path.slice(2)) ?? '',
          }))
        },
      },
    ],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['koffi', 'raw-socket'],
    supported: { 'dynamic-import': false },
    banner: { js: loader(files) },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
  })
  return `#!/usr/bin/env node\n${outputFiles[0]?.text}`
}

/**
 * Stands in for `require`: chunks by name, everything else as usual.
 * @param {Readonly<Record<string, string>>} files
 */
function loader(files) {
  return `'use strict';{const load=require,files=${JSON.stringify(files)},pieces={},loaded=Object.create(null);
require=(path)=>{const name=path.slice(2);if(require.made?.[name])return require.made[name];
if(!Object.hasOwn(files,name))return load(path);if(loaded[name])return loaded[name].exports;
if(!pieces[name])Object.assign(pieces,load(files[name]));
const module=loaded[name]={exports:{}};pieces[name](module,module.exports,require);return module.exports};
require.resolve=load.resolve}`
}
