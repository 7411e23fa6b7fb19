import { writeFileSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { describe, expect, it } from 'vitest'
import { listens, place, REAL, server, TOOLS, tool } from './kit.ts'

const SSH_PORT = 2222
const SOCKS_PORT = 1080
const CONNECT_PORT = 3128
const NEEDS = ['sshd', 'ssh', 'ssh-keygen', 'danted', 'tinyproxy', REAL]

/** The remote command's output: the host, and both ends of the connection as the server sees them. */
const WHERE = /^\S+\n(10\.78\.0\.1|fd78::1) \d+ (10\.78\.0\.2|fd78::2) 2222\n$/

const SSHD = (folder: string) => `
Port ${SSH_PORT}
HostKey ${folder}/host_key
AuthorizedKeysFile ${folder}/user_key.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
`

const SSH = (folder: string) => `
Host *
  Port ${SSH_PORT}
  User root
  IdentityFile ${folder}/user_key
  IdentitiesOnly yes
  BatchMode yes
  UserKnownHostsFile ${folder}/known_hosts
  GlobalKnownHostsFile none
  HostKeyAlias the-lab
`

const DANTED = `
logoutput: stdout
internal: 127.0.0.1 port = ${SOCKS_PORT}
external: lab0
socksmethod: none
clientmethod: none
user.privileged: root
user.unprivileged: nobody
client pass { from: 127.0.0.0/8 to: 0.0.0.0/0 }
socks pass {
  from: 127.0.0.0/8 to: 0.0.0.0/0
  command: connect
  log: connect error
}
`

const TINYPROXY = `
Port ${CONNECT_PORT}
Listen 127.0.0.1
Timeout 60
Allow 127.0.0.1
ConnectPort ${SSH_PORT}
`

describeLab('ssh through its ProxyCommand', { needs: NEEDS }, (lab) => {
  const here = place()

  server(lab, async () => {
    writeFileSync(here.file('sshd_config'), SSHD(here.path))
    writeFileSync(here.file('ssh_config'), SSH(here.path))
    for (const key of ['host_key', 'user_key']) {
      await lab.exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'lab', '-f', here.file(key)])
    }
    const [type, key] = (await lab.exec('cat', [here.file('host_key.pub')])).stdout.split(' ')
    writeFileSync(here.file('known_hosts'), `the-lab ${type} ${key}\n`)
    return {
      command: '/usr/sbin/sshd',
      args: ['-D', '-e', '-f', here.file('sshd_config')],
      ready: () => listens(lab, 'target', SSH_PORT),
    }
  })

  const danted = server(lab, () => {
    writeFileSync(here.file('danted.conf'), DANTED)
    return {
      command: 'danted',
      args: ['-f', here.file('danted.conf')],
      as: 'probe',
      env: { TMPDIR: here.path },
      ready: () => listens(lab, 'probe', SOCKS_PORT),
    }
  })

  const tinyproxy = server(lab, () => {
    writeFileSync(here.file('tinyproxy.conf'), TINYPROXY)
    return {
      command: 'tinyproxy',
      args: ['-d', '-c', here.file('tinyproxy.conf')],
      as: 'probe',
      ready: () => listens(lab, 'probe', CONNECT_PORT),
    }
  })

  const said = { socks: danted.text, connect: tinyproxy.text }

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)
    const ssh = (proxy: string, command: string, more = '') =>
      nc.bash(`ssh -F ssh_config -o ProxyCommand="$NC ${proxy} %h %p" ${more} ${command}`)
    const HELLO = `target.lab 'uname -n; echo "$SSH_CONNECTION"; echo oops >&2; exit 7'`

    it.each([
      ['straight', '', undefined],
      ['through SOCKS5', `-X 5 -x 127.0.0.1:${SOCKS_PORT}`, 'socks'],
      ['through SOCKS5, the default', `-x 127.0.0.1:${SOCKS_PORT}`, 'socks'],
      ['through SOCKS4', `-X 4 -x 127.0.0.1:${SOCKS_PORT}`, 'socks'],
      ['through HTTP CONNECT', `-X connect -x 127.0.0.1:${CONNECT_PORT}`, 'connect'],
    ] as const)('logs in with a key and runs a command %s', async (_, proxy, via) => {
      const before = via === undefined ? 0 : said[via]().length
      const result = await ssh(proxy, HELLO)
      expect(result).toMatchObject({ status: 7, stderr: 'oops\n', timedOut: false })
      expect(result.stdout).toMatch(WHERE)
      if (via !== undefined) expect(said[via]().slice(before)).toContain(String(SSH_PORT))
    })

    it.each([
      ['SOCKS5', `-X 5 -x 127.0.0.1:${SOCKS_PORT}`],
      ['HTTP CONNECT', `-X connect -x 127.0.0.1:${CONNECT_PORT}`],
    ])('carries 4 MiB there and back through %s unchanged', async (_, proxy) => {
      const result = await nc.bash(
        `head -c 4M /dev/urandom >out && ssh -F ssh_config -o ProxyCommand="$NC ${proxy} %h %p" target.lab cat <out >in && cmp out in`,
      )
      expect(result).toMatchObject({ status: 0, stdout: '', stderr: '' })
    })

    it.each([
      ['straight', ''],
      ['through SOCKS5', `-X 5 -x 127.0.0.1:${SOCKS_PORT}`],
      ['through HTTP CONNECT', `-X connect -x 127.0.0.1:${CONNECT_PORT}`],
    ])('hands ssh the connected socket with -F and ProxyUseFdpass %s', async (_, proxy) => {
      const local = `-o PermitLocalCommand=yes -o LocalCommand='ss -Htnp state established >&2'`
      const result = await ssh(`-F ${proxy}`, HELLO, `-o ProxyUseFdpass=yes ${local}`)
      expect(result.status).toBe(7)
      expect(result.stdout).toMatch(WHERE)
      expect(result.stderr).toMatch(/"ssh",pid=\d+,fd=\d+/)
      expect(result.stderr).not.toMatch(/"(node|nc[^"]*)"/)
    })

    it('says why on stderr when the proxy finds the port closed', async () => {
      const result = await ssh(`-X 5 -x 127.0.0.1:${SOCKS_PORT}`, 'target.lab true', '-p 111')
      expect(result.status).toBe(255)
      expect(result.stderr).toMatch(
        /^(nc-ts|nc\.openbsd): connection failed, SOCKSv5 error: Connection refused$/m,
      )
    })
  })
})
