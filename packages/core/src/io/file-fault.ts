import { LocalFault } from '../model/errors.ts'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
  ENOSPC: 'no space left',
  ENOTDIR: 'part of the path is not a directory',
  EROFS: 'the file system is read-only',
  ETXTBSY: 'it is a program that runs',
}

/** What is missing when there is no such path: a file that is written is made. */
const MISSING = { read: 'no such file', write: 'no such directory' } as const

/** The error for the errno of a call that reads or writes the file at `path`. */
export function fileFault(errno: string, doing: 'read' | 'write', path: string): LocalFault {
  const why = errno === 'ENOENT' ? MISSING[doing] : WHY[errno]
  return new LocalFault(errno, `cannot ${doing} ${path}: ${why ?? errno}`)
}

/** The errno's name of what a call of node:fs failed with. */
export function errnoOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'EIO'
}
