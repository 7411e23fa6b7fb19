import { readdirSync, readFileSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { describe, expect, it } from 'vitest'
import { listens, place, REAL, server, TOOLS, tool } from './kit.ts'

const PORT = 2525

/** A conversation as at a terminal: a line typed, an answer awaited. The blank line is the end of the header. */
const BY_HAND = (options: string) => `
coproc "$NC" ${options} target.lab ${PORT}
exec 3<&"\${COPROC[0]}" 4>&"\${COPROC[1]}"
answer() { while IFS= read -r -t 10 -u 3 line; do printf '%s\\n' "$line"; [[ $line =~ ^[0-9]{3}- ]] || return 0; done; exit 9; }
say() { printf '%s\\n' "$1" >&4; answer; }
answer
say 'EHLO probe.lab'
say 'MAIL FROM:<me@probe.lab>'
say 'RCPT TO:<you@target.lab>'
say 'DATA'
printf '%s\\n' 'Subject: by hand' '' 'first line' '..dot' 'last line' >&4
say '.'
say 'QUIT'
exec 4>&-; eval "exec \${COPROC[1]}>&-"
cat <&3
`

describeLab('SMTP by hand', { needs: ['aiosmtpd', REAL] }, (lab) => {
  const here = place()

  server(lab, () => {
    const handler = ['-c', 'aiosmtpd.handlers.Mailbox', here.file('mail')]
    return {
      command: 'aiosmtpd',
      args: ['-n', '-l', `0.0.0.0:${PORT}`, ...handler],
      ready: () => listens(lab, 'target', PORT),
      stop: 'SIGINT',
    }
  })

  const letters = () => readdirSync(here.file('mail/new')).map((name) => here.file(`mail/new/${name}`))

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)

    it('delivers a letter with -C, which makes each LF a CRLF as SMTP asks', async () => {
      const before = letters()
      const { stdout, stderr, status } = await nc.bash(BY_HAND('-C'))
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      const codes = stdout
        .trimEnd()
        .split('\r\n')
        .filter((line) => /^\d{3} /.test(line))
      expect(codes.map((line) => line.slice(0, 3))).toEqual(['220', '250', '250', '250', '354', '250', '221'])
      const arrived = letters().filter((letter) => !before.includes(letter))
      expect(arrived).toHaveLength(1)
      const text = arrived.map((letter) => readFileSync(letter, 'utf8')).join()
      expect(text).toContain('X-RcptTo: you@target.lab')
      expect(text).toMatch(/^Subject: by hand$/m)
      expect(text).toMatch(/\n\nfirst line\n\.dot\nlast line\n$/)
    })

    it('sends the bare LF as it is without -C, so that the server never sees the letter end', async () => {
      const before = letters()
      const { stdout, timedOut } = await nc.bash(BY_HAND('').replace('-t 10', '-t 3'))
      expect(timedOut).toBe(false)
      expect(stdout.trimEnd().split('\r\n').at(-1)).toMatch(/^354 /)
      expect(letters()).toEqual(before)
    })
  })
})
