import type { Protocol } from '../../model/protocol.ts'
import { transferOfMail } from './smtp-talk.ts'

/** SMTP (RFC 5321), at the ports of submission as well (RFC 6409, RFC 8314). */
export const smtp: Protocol = {
  ...transferOfMail('smtp', 'EHLO'),
  ports: { tcp: [25, 587, 2525] },
  tlsPorts: [465],
}
