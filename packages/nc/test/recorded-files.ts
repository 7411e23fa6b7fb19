import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type RecordedCase, readCases } from './recorded-cases.ts'

const FOLDER = join(import.meta.dirname, 'recorded')

/** The recorded runs by the name of their file, such as `listen-tcp`. */
export function recordedFiles(): ReadonlyMap<string, readonly RecordedCase[]> {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
  return new Map(names.sort().map((name) => [name.slice(0, -4), readCases(textOf(name))]))
}

function textOf(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8')
}
