import { LocalFault, strerror } from '@portkit/core'

/** errno(3) on Linux, as nmap shows it behind the words. */
const NUMBERS: Readonly<Record<string, number>> = {
  ENOENT: 2,
  EIO: 5,
  EACCES: 13,
  ENOTDIR: 20,
  EISDIR: 21,
  ENOSPC: 28,
  EROFS: 30,
  ELOOP: 40,
}

/** A file that could not be opened, as nmap says it: with the number of the error, where it is a common one. */
export function openFault(what: string, aim: 'reading' | 'writing', code: string): LocalFault {
  const number = NUMBERS[code]
  const why = `${strerror(code)}${number === undefined ? '' : ` (${number})`}`
  return new LocalFault(code, `Failed to open ${what} for ${aim}: ${why}`)
}
