import { latin1 } from '../dialogue/readers.ts'

/** A peer's text as `Service` has it: read as UTF-8; where it is not that, each octet is the character of its number. */
export function peerText(octets: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets)
  } catch {
    return latin1(octets)
  }
}
