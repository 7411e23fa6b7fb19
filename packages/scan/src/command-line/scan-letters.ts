import { type Coercer, UsageError } from '@portkit/core'
import { KINDS, type ScanKind } from '../model/scan-kind.ts'

/** What one letter of -s asks for. */
export type ScanWish = ScanKind | 'list' | 'no-ports' | 'versions'

const SCTP = 'SCTP is not scanned: TCP and UDP only'

/** What nmap has and we do not. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['C', 'there are no scripts here'],
  ['I', 'it is a scan in the name of another host, which is not done from here'],
  ['O', 'protocols of IP are not scanned: TCP and UDP ports only'],
  ['R', 'it is -sV in newer releases of nmap, and so it is here'],
  ['Y', SCTP],
  ['Z', SCTP],
])

const OTHERS: ReadonlyMap<string, ScanWish> = new Map([
  ['L', 'list'],
  ['n', 'no-ports'],
  ['P', 'no-ports'],
  ['V', 'versions'],
])
const SCANS: ReadonlyMap<string, ScanWish> = new Map(
  (Object.keys(KINDS) as ScanKind[]).map((kind) => [KINDS[kind].letter, kind]),
)

/** `-sS`, `-sSU`, `-sSV`: each letter is a wish. @throws UsageError with nmap's words for letters that it has not either */
export const scanLetters: Coercer<readonly ScanWish[]> = (text) => {
  if (text === '') {
    throw new UsageError(
      'An option is required for -s, most common are -sT (tcp scan), -sS (SYN scan), -sF (FIN scan), -sU (UDP scan) and -sn (Ping scan)',
    )
  }
  return Array.from(text, wishOf)
}

function wishOf(letter: string): ScanWish {
  const wish = SCANS.get(letter) ?? OTHERS.get(letter)
  if (wish !== undefined) return wish
  const why = REFUSED.get(letter)
  if (why !== undefined) throw new UsageError(`-s${letter} is refused: ${why}`)
  throw new UsageError(`Scantype ${letter} not supported`)
}
