import { type Io, LocalFault } from '@portkit/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { OPEN, run, talks, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

const DB = '10.0.0.2:22'
const chat = {
  ports: { [DB]: talks(String.raw`recv send:pong\n close`) },
  stdin: [{ write: 'ping\n' }],
} as const

describe('--hex-dump', () => {
  it('has what went both ways, as marked lines', async () => {
    const { io, stdout, status } = await run('-N --hex-dump d.txt 10.0.0.2 22', chat)
    expect({ stdout, status }).toEqual({ stdout: 'pong\n', status: 0 })
    const blanks = ' '.repeat(33)
    expect(io.written.get('d.txt')).toBe(
      `> 00000000 70 69 6e 67 0a ${blanks}# ping.\n< 00000000 70 6f 6e 67 0a ${blanks}# pong.\n`,
    )
  })

  it('counts on over the sessions of one run', async () => {
    const ports = { [DB]: talks('send:one close'), '10.0.0.2:23': talks('send:two close') }
    const { io } = await run('--hex-dump d 10.0.0.2 22 23', { ports, stdin: 'null' })
    expect(io.written.get('d')).toMatch(/^< 00000000 6f 6e 65 .*\n< 00000003 74 77 6f .*\n$/)
  })

  it('is refused with one line before anything else where the file cannot be written', async () => {
    const { stderr, status, io } = await run('--hex-dump /no/d 10.0.0.2 22', {
      ...chat,
      unwritable: { '/no/d': 'ENOENT' },
    })
    expect(stderr).toMatch(/^nc: [^\n]+\n$/)
    expect({ status, attempts: io.net.attempts.length }).toEqual({ status: 1, attempts: 0 })
  })

  it('does not break the session when the disk is full; that is said in the end', async () => {
    const full = (io: Io): Io => {
      const write = (): never => {
        throw new LocalFault('ENOSPC', 'cannot write d: no space left')
      }
      return { ...io, system: { ...io.system, openOutput: () => ({ write, close: () => {} }) } }
    }
    const { stdout, stderr, status, io } = await run('-N --hex-dump d 10.0.0.2 22', chat, { with: full })
    expect(stdout).toBe('pong\n')
    expect(io.peerLog(DB)).toContain('ping')
    expect({ stderr, status }).toEqual({ stderr: 'nc: cannot write d: no space left\n', status: 1 })
  })
})

describe('--progress', () => {
  const slow = { ...chat, ports: { [DB]: talks(String.raw`recv wait:2.5 send:pong\n close`) } }

  it('ends with one line of totals', async () => {
    const { stderr, stdout } = await run('-N --progress 10.0.0.2 22', slow)
    expect({ stderr, stdout }).toEqual({ stderr: 'sent 5 B, received 5 B, 4 B/s, 0:02\n', stdout: 'pong\n' })
  })

  it('writes over one line once a second on a terminal', async () => {
    const { stderr } = await run('-N --progress 10.0.0.2 22', {
      ...slow,
      terminal: { columns: 80, rows: 24 },
    })
    expect(stderr.split('\r').slice(1)).toEqual([
      'sent 5 B, received 0 B, 5 B/s, 0:01\u001b[K',
      'sent 5 B, received 0 B, 0 B/s, 0:02\u001b[K',
      'sent 5 B, received 5 B, 4 B/s, 0:02\u001b[K\n',
    ])
  })

  it('says nothing of a port that was closed', async () => {
    const { stderr, status } = await run('--progress 10.0.0.2 23', slow)
    expect({ stderr, status }).toEqual({ stderr: '', status: 1 })
  })
})

describe('-F', () => {
  it('hands the connection over and closes its own end', async () => {
    const { io, status } = await run('-F 10.0.0.2 22', { ports: { [DB]: talks('linger:9') } })
    expect({ passed: io.passed, status }).toEqual({ passed: [3], status: 0 })
  })

  it('is refused on a terminal, and the connection is closed', async () => {
    const { stderr, status } = await run('-F 10.0.0.2 22', {
      ports: { [DB]: talks('linger:9') },
      terminal: { columns: 80, rows: 24 },
    })
    expect({ stderr, status }).toEqual({ stderr: 'nc: Cannot pass file descriptor to tty\n', status: 1 })
  })

  it('is refused by name without descriptors, and the connection is closed', async () => {
    const without = (io: Io): Io => ({
      ...io,
      async openNet(choice) {
        const net = await io.openNet(choice)
        return {
          ...net,
          connect(request) {
            const attempt = net.connect(request)
            const answer = Promise.resolve(attempt.answer).then(({ fact, connection }) =>
              connection === undefined
                ? { fact }
                : { fact, connection: { ...connection, descriptor: undefined } },
            )
            return { answer, abandon: () => attempt.abandon() }
          },
        }
      },
    })
    const { stderr, status } = await run(
      '-F 10.0.0.2 22',
      { ports: { [DB]: talks('linger:9') } },
      { with: without },
    )
    expect({ stderr, status }).toEqual({
      stderr: 'nc: -F needs Linux and the optional package koffi\n',
      status: 1,
    })
  })

  it('says what the system says where standard output is no socket', async () => {
    const world = { ports: { [DB]: OPEN }, passFault: 'ENOTSOCK' }
    const { stderr, status } = await run('-F 10.0.0.2 22', world)
    expect({ stderr, status }).toEqual({ stderr: 'nc: sendmsg: Socket operation on non-socket\n', status: 1 })
  })
})

describe('-S', () => {
  it('asks for the key before anything else, and uses it', async () => {
    const { io, status } = await run('-Sz 10.0.0.2 22', { ports: { [DB]: OPEN }, secrets: ['key'] })
    expect(io.questions).toEqual(['TCP MD5SIG password: '])
    expect(io.net.attempts.map(({ request }) => request.md5Key)).toEqual(['key'])
    expect(status).toBe(0)
  })

  it('is refused without a terminal to ask on', async () => {
    const { io, stderr, status } = await run('-Sz 10.0.0.2 22', { ports: { [DB]: OPEN } })
    expect({ stderr, status }).toEqual({ stderr: 'nc: Unable to read TCP MD5SIG password\n', status: 1 })
    expect(io.net.attempts).toEqual([])
  })
})

it.each([['-e'], ['-c']])('%s runs nothing, and shows the safe way', async (letter) => {
  const { stderr, status, io } = await run(`${letter} /bin/sh 10.0.0.2 22`, chat)
  expect(stderr).toMatch(new RegExp(`^nc: invalid option -- '${letter.slice(1)}'\nusage: nc `))
  expect(stderr).toMatch(/\nnc: programs are never run from here; .*mkfifo .*nc -l.*\n$/)
  expect({ status, attempts: io.net.attempts.length, commands: io.commands }).toEqual({
    ...{ status: 1, attempts: 0, commands: [] },
  })
})

describe('standard input', () => {
  const listens = { ports: { [DB]: talks('send:hello wait:1 close') } }

  it.each([['closed'], ['null']] as const)(
    'that is %s does not keep the answer from coming',
    async (stdin) => {
      expect(await run('10.0.0.2 22', { ...listens, stdin })).toMatchObject({ stdout: 'hello', status: 0 })
    },
  )
})

describe('what a proxy says', () => {
  const status = String.raw`HTTP/1.0 403 \x1b]0;owned\x07\x9b2J`
  const world = { ports: { '10.0.0.3:3128': talks(String.raw`recv 'send:${status}\r\n\r\n' close`) } }

  it('never reaches the terminal raw, and the connection is closed', async () => {
    const { stderr, status: ended } = await run('-X connect -x 10.0.0.3:3128 10.0.0.2 22', world)
    expect(stderr).toContain(String.raw`nc: Proxy error: "HTTP/1.0 403 \x1b]0;owned\x07`)
    expect(ended).toBe(1)
  })

  it('about a password costs a connection: -F hands over the one that stands', async () => {
    const answers = ['407 Who', '200 OK'].map((answer) =>
      talks(String.raw`recv 'send:HTTP/1.0 ${answer}\r\n\r\n' linger:9`),
    )
    const handed: (number | undefined)[] = []
    const numbered = (io: Io): Io => ({
      ...io,
      system: { ...io.system, passDescriptor: async (descriptor) => void handed.push(descriptor) },
      async openNet(choice) {
        const net = await io.openNet(choice)
        let made = 10
        return {
          ...net,
          connect(request) {
            const attempt = net.connect(request)
            const answer = Promise.resolve(attempt.answer).then(({ fact, connection }) => {
              made += 1
              return connection === undefined
                ? { fact }
                : { fact, connection: { ...connection, descriptor: made } }
            })
            return { answer, abandon: () => attempt.abandon() }
          },
        }
      },
    })
    const args = '-F -X connect -P me -x 10.0.0.3:3128 10.0.0.2 22'
    const proxies = { ports: { '10.0.0.3:3128': answers }, secrets: ['secret'] }
    const { status: ended, stderr, io } = await run(args, proxies, { with: numbered })
    expect({ ended, stderr, handed }).toEqual({ ended: 0, stderr: '', handed: [12] })
    expect(io.questions).toEqual(['Proxy password for me@10.0.0.3: '])
  })

  it('is tried again with --wait, and nothing stays open', async () => {
    const { stderr, io } = await run('-X connect -x 10.0.0.3:3128 --wait 3 10.0.0.2 22', world)
    expect(stderr.split('\n')).toHaveLength(2)
    expect(io.net.attempts).toHaveLength(3)
  })
})
