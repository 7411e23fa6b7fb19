import type { Dialogue } from '../../dialogue/dialogue.ts'
import { codedReply } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { alone, ask, firstOf, say } from '../kit/talk.ts'
import { afterHello, greeted } from './smtp-greeting.ts'

// A name that nobody has (RFC 2606): who asks has no business with mail.
const NOBODY = 'portkit.invalid'

/** How SMTP and LMTP are recognised, asked, and led into TLS (RFC 3207): they differ in the first command only. */
export function transferOfMail(
  name: 'smtp' | 'lmtp',
  command: 'EHLO' | 'LHLO',
): Required<Pick<Protocol, 'name' | 'detect' | 'ask' | 'startTls'>> {
  const hello = `${command} ${NOBODY}`
  return {
    name,
    detect: (octets, { ended }) => greeted(name, octets, ended),
    async ask(service, dialogue) {
      const greeting = await firstOf(dialogue, codedReply)
      if (greeting === undefined || greeting.code === 421) return service
      const reply = await ask(dialogue, hello)
      await say(dialogue, 'QUIT')
      const isRefused = name === 'smtp' && reply !== undefined && reply.code >= 500
      return isRefused ? orLmtp(service, dialogue) : afterHello(service, reply)
    },
    async startTls(dialogue) {
      if ((await dialogue.receive(codedReply))?.code !== 220) return false
      const reply = await ask(dialogue, hello)
      if (reply?.code !== 250 || !reply.lines.some((text) => /^STARTTLS\b/i.test(text))) return false
      await say(dialogue, 'STARTTLS')
      return (await dialogue.receive(alone(codedReply)))?.code === 220
    },
  }
}

/**
 * Who does not know EHLO but LHLO speaks LMTP (RFC 2033 section 4.1): some greet alike (recorded from Dovecot 2.3.19). It is
 * asked over a connection of its own, where no late answer to something else can be taken for the one to this.
 */
async function orLmtp(service: Service, dialogue: Dialogue): Promise<Service> {
  const other = await dialogue.again()
  if (other === undefined || (await other.receive(codedReply))?.code !== 220) return service
  const reply = await ask(other, `LHLO ${NOBODY}`)
  await say(other, 'QUIT')
  return reply?.code === 250 ? afterHello({ ...service, protocol: 'lmtp' }, reply) : service
}
