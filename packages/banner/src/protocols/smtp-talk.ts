import { codedReply } from '../dialogue/readers.ts'
import type { Protocol } from '../model/protocol.ts'
import { alone, ask, firstOf, say } from './mail-talk.ts'
import { afterHello, greeted } from './smtp-greeting.ts'

/** How SMTP and LMTP are recognised, asked, and led into TLS (RFC 3207): they differ in the first command only. */
export function transferOfMail(
  name: 'smtp' | 'lmtp',
  command: 'EHLO' | 'LHLO',
): Required<Pick<Protocol, 'name' | 'detect' | 'ask' | 'startTls'>> {
  // A name that nobody has (RFC 2606): who asks has no business with mail.
  const hello = `${command} portkit.invalid`
  return {
    name,
    detect: (octets, { ended }) => greeted(name, octets, ended),
    async ask(service, dialogue) {
      const greeting = await firstOf(dialogue, codedReply)
      if (greeting === undefined || greeting.code === 421) return service
      const reply = await ask(dialogue, hello)
      await say(dialogue, 'QUIT')
      return afterHello(service, reply)
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
