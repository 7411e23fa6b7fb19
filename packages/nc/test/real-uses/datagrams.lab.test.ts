import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { describe, expect, it } from 'vitest'
import { listens, place, REAL, server, settled, TOOLS, tool } from './kit.ts'

const ECHO_PORT = 7007
const SYSLOG_PORT = 514

const RSYSLOG = (folder: string) => `
global(workDirectory="${folder}")
module(load="imudp")
module(load="imuxsock" SysSock.Use="off")
input(type="imudp" port="${SYSLOG_PORT}")
input(type="imuxsock" Socket="${folder}/log.sock" CreatePath="off" RateLimit.Interval="0")
template(name="plain" type="string" string="%pri-text%|%syslogtag%|%msg%\\n")
action(type="omfile" file="${folder}/log" template="plain")
`

describeLab('a UDP echo', { needs: ['socat', REAL] }, (lab) => {
  const here = place()

  server(lab, () => {
    return {
      command: 'socat',
      args: [`UDP4-RECVFROM:${ECHO_PORT},fork`, 'PIPE'],
      ready: () => listens(lab, 'target', ECHO_PORT, 'udp'),
    }
  })

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)

    it('comes back, and -w ends the wait for more', async () => {
      const result = await nc.bash(
        `printf 'are you there?\\n' | "$NC" -u -w 3 ${lab.target.address4} ${ECHO_PORT}`,
      )
      expect(result).toMatchObject({ status: 0, stdout: 'are you there?\n', stderr: '' })
    })

    it('ends after as many answers as -W says', async () => {
      const result = await nc.bash(`printf 'once\\n' | "$NC" -u -W 1 ${lab.target.address4} ${ECHO_PORT}`)
      expect(result).toMatchObject({ status: 0, stdout: 'once\n', timedOut: false })
    })
  })
})

describeLab('syslog lines to rsyslog', { needs: ['rsyslogd', REAL] }, (lab) => {
  const here = place()

  server(lab, () => {
    writeFileSync(here.file('rsyslog.conf'), RSYSLOG(here.path))
    return {
      command: 'rsyslogd',
      args: ['-n', '-f', here.file('rsyslog.conf'), '-i', here.file('pid')],
      ready: async () =>
        existsSync(here.file('log.sock')) && (await listens(lab, 'target', SYSLOG_PORT, 'udp')),
    }
  })

  const log = () => (existsSync(here.file('log')) ? readFileSync(here.file('log'), 'utf8').split('\n') : [])

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)

    it.each([
      ['-u and -w 1', `"$NC" -u -w 1 ${lab.target.address4} ${SYSLOG_PORT}`],
      ['-u and -q 0', `"$NC" -u -q 0 ${lab.target.address4} ${SYSLOG_PORT}`],
      ['-uU and -w 1', '"$NC" -uU -w 1 log.sock'],
      ['-uU and -q 0', '"$NC" -uU -q 0 log.sock'],
    ])('arrive in its file by %s', async (how, command) => {
      const text = `by ${name} with ${how}`
      const result = await nc.bash(`echo '<165>lab[42]: ${text}' | ${command}`)
      expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' })
      const line = `local4.notice|lab[42]:| ${text}`
      await settled(() => log().some((entry) => entry.startsWith('local4.notice') && entry.includes(text)))
      expect(log()).toContain(line)
    })
  })
})
