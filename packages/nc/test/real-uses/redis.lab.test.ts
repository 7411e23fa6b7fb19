import { existsSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { describe, expect, it } from 'vitest'
import { place, REAL, server, TOOLS, tool } from './kit.ts'

describeLab('Redis by its UNIX socket', { needs: ['redis-server', REAL] }, (lab) => {
  const here = place()

  server(lab, () => {
    const files = ['--unixsocket', here.file('redis.sock'), '--dir', here.path]
    const nothingKept = ['--save', '', '--appendonly', 'no']
    return {
      command: 'redis-server',
      args: ['--port', '0', ...files, ...nothingKept],
      as: 'probe',
      ready: () => existsSync(here.file('redis.sock')),
    }
  })

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)

    it('says PING, SET and GET, and ends when Redis closes after QUIT', async () => {
      const commands = `PING\\r\\nSET lab:${name} some-value\\r\\nGET lab:${name}\\r\\nQUIT\\r\\n`
      const result = await nc.bash(`printf '${commands}' | "$NC" -U redis.sock`)
      const answers = '+PONG\r\n+OK\r\n$10\r\nsome-value\r\n+OK\r\n'
      expect(result).toMatchObject({ status: 0, stdout: answers, stderr: '' })
    })

    it('ends the session by -N', async () => {
      const result = await nc.bash(`echo PING | "$NC" -NU redis.sock`)
      expect(result).toMatchObject({ status: 0, stdout: '+PONG\r\n', stderr: '' })
    })

    it('keeps every octet of a value of 1 MiB', async () => {
      const result = await nc.bash(`
        head -c 1048576 /dev/urandom >value
        { printf '*3\\r\\n$3\\r\\nSET\\r\\n$1\\r\\nv\\r\\n$1048576\\r\\n'; cat value; printf '\\r\\nQUIT\\r\\n'; } | "$NC" -U redis.sock
        { printf '$1048576\\r\\n'; cat value; printf '\\r\\n+OK\\r\\n'; } >answer
        printf 'GET v\\r\\nQUIT\\r\\n' | "$NC" -U redis.sock | cmp - answer`)
      expect(result).toMatchObject({ status: 0, stdout: '+OK\r\n+OK\r\n', stderr: '' })
    })

    it('sees whether somebody serves a socket with -z', async () => {
      const result = await nc.bash('"$NC" -zU redis.sock; echo $?; "$NC" -zU absent.sock; echo $?')
      expect(result.stdout).toBe('0\n1\n')
      expect(result.stderr).toBe(`${name}: absent.sock: No such file or directory\n`)
    })
  })
})
