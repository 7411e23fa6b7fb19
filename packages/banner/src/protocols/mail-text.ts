import { peerText } from '../model/peer-text.ts'

/** A text whose characters are octets, as `Service` has texts. */
export const readable = (text: string): string =>
  peerText(Uint8Array.from(text, (character) => character.charCodeAt(0)))
