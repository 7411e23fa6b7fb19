import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, release } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('../results', import.meta.url))

/**
 * Stores a benchmark's report with what it was measured on.
 * @param {string} name @param {import('./figures.mjs').Report} report @param {Date} at
 * @returns {string} the file's path
 */
export function store(name, report, at) {
  mkdirSync(FOLDER, { recursive: true })
  const path = join(FOLDER, `${name}-${at.toISOString().replace(/[:.]/g, '-')}.json`)
  const machine = { node: process.version, kernel: release(), cores: cpus().length, cpu: cpus()[0]?.model }
  writeFileSync(path, `${JSON.stringify({ name, at, machine, ...report })}\n`)
  return path
}
