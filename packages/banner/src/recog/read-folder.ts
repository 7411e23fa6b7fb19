import { LocalFault, type System } from '@portkit/core'
import type { Database } from './fingerprint.ts'

/** Files of a folder, octets of one file, and patterns of all of them, at most: Recog's own are 60, 1 MB and 6,000. */
const MOST_FILES = 300
const MOST_OCTETS = 8 * 1024 * 1024
const MOST_PATTERNS = 50_000

/** All `*.xml` files of a folder, the preferred ones first, else by name. Rejects with LocalFault. */
export async function readFolder(folder: string, system: System): Promise<readonly Database[]> {
  const names = listed(folder, system).filter((name) => /\.xml$/i.test(name))
  if (names.length === 0) return []
  if (names.length > MOST_FILES) throw tooMuch(folder, `more than ${MOST_FILES} XML files`)
  const { readDatabase } = await import('./read-database.ts')
  const databases: Database[] = []
  let patterns = 0
  for (const name of names) {
    const file = `${folder.replace(/(?<=.)\/$/, '')}/${name}`.replace(/^\/\//, '/')
    const database = readDatabase(file, name, await textOf(file, system))
    patterns += database.fingerprints.length
    if (patterns > MOST_PATTERNS) throw tooMuch(folder, `more than ${MOST_PATTERNS} fingerprints`)
    databases.push(database)
  }
  return databases.sort((one, other) => other.preference - one.preference)
}

function listed(folder: string, system: System): readonly string[] {
  try {
    return system.listFolder(folder)
  } catch (error) {
    if (!(error instanceof LocalFault)) throw error
    const message = error.code === 'ENOENT' ? `cannot read ${folder}: no such folder` : error.message
    throw new LocalFault(error.code, message, 'fingerprints')
  }
}

/** Read piece by piece, so that a file without an end has one. */
async function textOf(file: string, system: System): Promise<string> {
  const pieces: Uint8Array[] = []
  let octets = 0
  for await (const piece of system.openInput(file)) {
    octets += piece.length
    if (octets > MOST_OCTETS) throw tooMuch(file, `more than ${MOST_OCTETS / 1024 / 1024} MB`)
    pieces.push(piece)
  }
  const whole = new Uint8Array(octets)
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return new TextDecoder().decode(whole)
}

function tooMuch(path: string, what: string): LocalFault {
  return new LocalFault('EFBIG', `cannot read ${path}: ${what}`, 'fingerprints')
}
