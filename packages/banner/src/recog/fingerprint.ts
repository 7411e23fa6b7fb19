import type { Pattern } from '@portkit/core'

/** What a fingerprint says of a text that it matches: `pos` 0 has a fixed `value`, others take what that group took. */
export interface Param {
  readonly pos: number
  readonly name: string
  readonly value: string
}

/** One pattern of a database, in the order of the file. */
export interface Fingerprint {
  readonly description: string
  readonly pattern: Pattern
  readonly params: readonly Param[]
}

/** One of Recog's XML files. */
export interface Database {
  readonly file: string
  /** What kind of text it is about: `ssh.banner`. */
  readonly matches: string
  /** Databases with more of it come first. */
  readonly preference: number
  readonly fingerprints: readonly Fingerprint[]
  /** How many of its patterns cannot be used here. */
  readonly unusable: number
}
