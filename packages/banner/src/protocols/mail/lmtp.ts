import type { Protocol } from '../../model/protocol.ts'
import { transferOfMail } from './smtp-talk.ts'

/** LMTP (RFC 2033): how mail is handed to mailboxes. */
export const lmtp: Protocol = {
  ...transferOfMail('lmtp', 'LHLO'),
  ports: { tcp: [24] },
}
