import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCases } from './recorded-cases.ts'
import { recordedFiles } from './recorded-files.ts'
import { quoted, unescaped } from './recorded-words.ts'

const COUNTS = {
  conflicts: 24,
  data: 45,
  descriptors: 4,
  further: 9,
  'listen-tcp': 35,
  'listen-udp': 5,
  options: 46,
  ports: 57,
  proxies: 44,
  scan: 63,
  source: 20,
  telnet: 5,
  'udp-data': 10,
  'udp-scan': 29,
  unix: 19,
  unreachable: 20,
  usage: 78,
}

const text = (octets: Uint8Array | undefined): string => Buffer.from(octets ?? []).toString('latin1')

const CASE = String.raw`# A section

= first
" why
@ server [target] server 5000 send:'a b\n' close
@ client [probe] sh sleep 0.5; NC -N 127.0.0.1 4000
@ client < wait:0.5 'x'*3 eof
% in target
% sysctl net/ipv4/tcp_syn_retries=1
$ NC -v 10.77.0.2 5000
< octets open
? 1 2.5s
| a\\b\x20
|
|~ end
! nc:\t\xff
o IP_TOS 16
server? 0
server> 0.0 sent 'a b\n'
client? running
client|~ c

= second
$ NC
? signal 2 0.1s
< tty wait:1 '\x03'`

describe('the files of recorded runs', () => {
  const files = recordedFiles()

  it.each(Object.entries(COUNTS))('has in %s.txt %i runs', (name, count) => {
    expect(files.get(name)).toHaveLength(count)
  })

  it('are these and no more, 513 runs in all, and no name is used twice', () => {
    const ids = [...files.values()].flat().map(({ id }) => id)
    expect([...files.keys()]).toEqual(Object.keys(COUNTS))
    expect(new Set(ids).size).toBe(513)
    expect(ids).toHaveLength(513)
  })

  it.each([...files.values()].flat())(
    '$id: has a command, a time and peers with helpers that exist',
    (run) => {
      expect(run.command).toMatch(/\bNC\b|^test -S/)
      expect(run.seconds).toBeGreaterThanOrEqual(0)
      for (const peer of run.peers) {
        expect(['server', 'udplog', 'proxy', 'http', 'sniffer', 'sh']).toContain(peer.verb)
        expect(peer.exit).toBeDefined()
      }
    },
  )
})

describe('readCases', () => {
  const [first, second] = readCases(CASE)

  it('reads outputs octet by octet', () => {
    expect(text(first?.stdout)).toBe('a\\b \n\nend')
    expect(text(first?.stderr)).toBe('nc:\t\xff\n')
    expect(first?.options).toEqual(['IP_TOS 16'])
  })

  it('reads what stands around the tool', () => {
    expect(first).toMatchObject({
      id: 'first',
      section: 'A section',
      note: 'why',
      place: 'target',
      seconds: 2.5,
    })
    expect(first).toMatchObject({ sysctl: 'net/ipv4/tcp_syn_retries=1', exit: { kind: 'status', status: 1 } })
    expect(first?.input).toMatchObject({ kind: 'pipe', end: 'open' })
    expect(second?.input).toMatchObject({
      kind: 'tty',
      steps: [{ kind: 'wait', seconds: 1 }, { kind: 'write' }],
    })
    expect(second?.exit).toEqual({ kind: 'signal', signal: 2 })
  })

  it('reads peers with their input and what came of them', () => {
    const [server, client] = first?.peers ?? []
    expect(server).toMatchObject({ name: 'server', place: 'target', verb: 'server', exit: { status: 0 } })
    expect(server?.args).toEqual(['5000', String.raw`send:'a b\n'`, 'close'])
    expect(server?.events).toEqual([String.raw`0.0 sent 'a b\n'`])
    expect(client).toMatchObject({ verb: 'sh', args: ['sleep 0.5; NC -N 127.0.0.1 4000'], place: 'probe' })
    expect(client?.exit).toEqual({ kind: 'running' })
    expect(text(client?.stdout)).toBe('c')
    expect(client?.input).toEqual({
      kind: 'pipe',
      steps: [
        { kind: 'wait', seconds: 0.5 },
        { kind: 'write', octets: Buffer.from('xxx') },
      ],
      end: 'eof',
    })
  })

  it.each([
    ['no title', '= a\n$ NC\n? 0 1s'],
    ['an unknown sign', '# s\n\n= a\n$ NC\n? 0 1s\n& what'],
    ['no command', '# s\n\n= a\n? 0 1s'],
    ['two ends', '# s\n\n= a\n$ NC\n? 0 1s\n? 0 1s'],
    ['no end', '# s\n\n= a\n$ NC'],
    ['a strange end', '# s\n\n= a\n$ NC\n? maybe 1s'],
    ['an input without end', "# s\n\n= a\n$ NC\n< 'a'\n? 0 1s"],
    ['a place that is not', '# s\n\n= a\n% in nowhere\n$ NC\n? 0 1s'],
  ])('refuses %s', (_, broken) => {
    expect(() => readCases(broken)).toThrow()
  })

  it('gets any octets back from their escaped form', () => {
    const hex = (octets: Uint8Array): string =>
      [...octets].map((octet) => `\\x${octet.toString(16).padStart(2, '0')}`).join('')
    fc.assert(
      fc.property(fc.uint8Array(), (octets) => {
        expect([...unescaped(hex(octets))]).toEqual([...octets])
        expect([...quoted(`'${hex(octets)}'`)]).toEqual([...octets])
      }),
    )
  })
})
