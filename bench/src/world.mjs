import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { missing } from '@portkit/lab'

/** This machine cannot run a benchmark: what it lacks, in words. */
export class NotHere extends Error {}

/** @param {readonly string[]} programs that the benchmark cannot do without @throws {NotHere} */
export function mustHaveLab(programs = []) {
  const lacks = missing(programs)
  if (lacks.length > 0) throw new NotHere(`this needs ${lacks.join(', ')}`)
}

/**
 * The tools that are installed here; the others are named and left out.
 * @template {{ readonly name: string, readonly command: string }} T
 * @param {readonly T[]} tools @param {import('./figures.mjs').Context} context
 * @returns {readonly T[]}
 */
export function installed(tools, { note }) {
  return tools.filter(({ name, command }) => {
    const there = command === process.execPath || !missing([command]).includes(command)
    if (!there) note(`${name} is not installed: left out`)
    return there
  })
}

/** Builds the tools from the sources, so that what is measured is what is written. @throws {Error} */
export function buildTools() {
  for (const name of ['tcping', 'nc', 'nping', 'hping', 'banner', 'scan']) {
    const script = fileURLToPath(new URL(`../../packages/${name}/build.mjs`, import.meta.url))
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 60_000 })
    if (status !== 0) throw new Error(`${name} does not build: ${stderr.trim()}`)
  }
}
