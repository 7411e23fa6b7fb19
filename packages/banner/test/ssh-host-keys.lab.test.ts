import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Dialogue, Reader } from '../src/dialogue/dialogue.ts'
import { ssh } from '../src/protocols/shells/ssh.ts'
import { contextOf, WISHES } from './detector-kit.ts'

const SSHD = '/usr/sbin/sshd'
const able = existsSync(SSHD) && userInfo().uid === 0
const KINDS = [
  ['ed25519', 'ssh-ed25519', '256'],
  ['ecdsa', 'ecdsa-sha2-nistp256', '256'],
  ['ecdsa', 'ecdsa-sha2-nistp521', '521'],
  ['rsa', 'ssh-rsa', '3072'],
] as const

/** A dialogue over a real connection, without any limits. */
async function dialogueWith(port: number): Promise<Dialogue> {
  const socket: Socket = connect(port, '127.0.0.1')
  let octets = Buffer.alloc(0)
  let ended = false
  let wake = () => {}
  const change = (how: () => void) => () => {
    how()
    wake()
  }
  socket.on('data', (data) => change(() => (octets = Buffer.concat([octets, data])))())
  socket.on('error', () => {})
  socket.on(
    'close',
    change(() => (ended = true)),
  )
  await once(socket, 'connect')
  return {
    ...{ host: 'localhost', address: '127.0.0.1', port, transport: 'tcp', secure: false, alpn: undefined },
    wishes: { ...WISHES, hostKeys: true },
    random: () => Math.trunc(Math.random() * 2 ** 32),
    async send(sent) {
      socket.write(sent)
    },
    async receive<T>(reader: Reader<T>): Promise<T | undefined> {
      for (;;) {
        const taken = reader(Uint8Array.from(octets), ended)
        if (taken !== undefined && taken !== 'more') octets = octets.subarray(taken.length)
        if (taken !== 'more') return taken?.value
        if (ended) return undefined
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
    async again() {
      socket.destroy()
      return dialogueWith(port)
    },
  }
}

/** Lets sshd serve each connection to a port as inetd would (sshd(8) -i). */
async function serve(args: readonly string[]) {
  const server = createServer((socket) => {
    const child = spawn(SSHD, ['-i', ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
    socket.on('error', () => {})
    child.stdin.on('error', () => {})
    socket.pipe(child.stdin)
    child.stdout.pipe(socket)
    socket.on('close', () => child.kill('SIGKILL'))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, server }
}

describe.skipIf(!able)('host keys of a real sshd (skipped where there is none)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-sshd-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const files = KINDS.map(([, type]) => join(folder, type))

  beforeAll(() => {
    // Where sshd leaves its rights behind; Debian makes it when the service starts.
    execFileSync('mkdir', ['-p', '/run/sshd'])
    KINDS.forEach(([kind, type, bits]) => {
      execFileSync('ssh-keygen', ['-q', '-t', kind, '-b', bits, '-N', '', '-f', join(folder, type)])
    })
  })

  it.each([
    ['curve25519-sha256'],
    ['curve25519-sha256@libssh.org'],
    ['ecdh-sha2-nistp256'],
    ['ecdh-sha2-nistp384'],
    ['ecdh-sha2-nistp521'],
  ])('are those that ssh-keygen prints, by %s', async (method) => {
    const config = join(folder, `config-${method}`)
    writeFileSync(config, [`KexAlgorithms ${method}`, ...files.map((file) => `HostKey ${file}`)].join('\n'))
    const { port, server } = await serve(['-f', config])
    try {
      const dialogue = await dialogueWith(port)
      const service = await ssh.ask?.({ protocol: 'ssh' }, dialogue)
      const printed = files.map((file, i) => {
        const [bits, hash] = execFileSync('ssh-keygen', ['-lf', `${file}.pub`], { encoding: 'utf8' }).split(
          ' ',
        )
        return `${KINDS[i]?.[1]} ${hash} (${bits} bits)`
      })
      expect(service?.details?.['host keys']).toEqual(printed)
      expect(service?.details?.['key exchange']).toContain(method)
    } finally {
      server.close()
    }
  })

  it('and its identification is that of the program', async () => {
    const config = join(folder, 'config-plain')
    writeFileSync(config, `HostKey ${files[0]}`)
    const { port, server } = await serve(['-f', config])
    try {
      const socket = connect(port, '127.0.0.1')
      const [greeting] = (await once(socket, 'data')) as [Buffer]
      socket.destroy()
      // The client of the same package says its patch level as well, which sshd -V leaves out.
      const { stderr } = spawnSync('ssh', ['-V'], { encoding: 'utf8' })
      const version = /OpenSSH_([\w.]+)/.exec(stderr)?.[1]
      expect(ssh.detect(greeting, contextOf())).toMatchObject({ product: 'OpenSSH', version })
    } finally {
      server.close()
    }
  })
})
