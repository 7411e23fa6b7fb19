import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createServices, createSystemServices, knownPorts } from '../src/model/services.ts'
import { IANA_SERVICES } from '../src/model/services-table.ts'
import type { Transport } from '../src/model/target.ts'

const FILE = `# services of this machine
ssh		22/tcp		sshd	# comment 2222/tcp
domain	53/tcp
domain	53/udp
   web-admin 8081/TCP	wa WA2\r
snmp	161/udp
first 7000/tcp
second 7000/tcp
again 7001/tcp
again 7002/tcp
tight 7003/tcp#remark
comma 7004,udp
`

describe('the services of a file', () => {
  const services = createServices(FILE)

  it.each<[number, Transport, string]>([
    [22, 'tcp', 'ssh'],
    [53, 'udp', 'domain'],
    [8081, 'tcp', 'web-admin'],
    [7000, 'tcp', 'first'],
    [7003, 'tcp', 'tight'],
    [7004, 'udp', 'comma'],
  ])('name port %i of %s %s', (port, transport, name) => {
    expect(services.nameOf(port, transport)).toBe(name)
  })

  it.each<[string, Transport, number]>([
    ['ssh', 'tcp', 22],
    ['SSH', 'tcp', 22],
    ['sshd', 'tcp', 22],
    ['wa2', 'tcp', 8081],
    ['again', 'tcp', 7001],
    ['second', 'tcp', 7000],
  ])('give the port of %s over %s as %i', (name, transport, port) => {
    expect(services.portOf(name, transport)).toBe(port)
  })

  it('do not leak from one transport into the other, nor from comments', () => {
    const only = createServices('one 7/tcp\n#two 8/tcp\nthree 9/tcp # four 9/udp\n')
    expect(only.portOf('one', 'udp')).toBeUndefined()
    expect(only.portOf('two', 'tcp')).toBeUndefined()
    expect(only.portOf('four', 'udp')).toBeUndefined()
  })

  it('come before the names of the table', () => {
    const mine = createServices('mine 22/tcp\nhttp 8000/tcp')
    expect(mine.nameOf(22, 'tcp')).toBe('mine')
    expect(mine.portOf('http', 'tcp')).toBe(8000)
    expect(mine.portOf('ssh', 'tcp')).toBe(22)
    expect(mine.nameOf(443, 'tcp')).toBe('https')
  })

  it('are skipped where they are no entries', () => {
    const odd = [
      'ssh',
      'ssh 22',
      'ssh tcp/22',
      'zero 0/tcp',
      'high 65536/tcp',
      'long 123456/tcp',
      'frac 22.5/tcp',
      'sctp 60999/sctp',
      'tcpx 60998/tcpx',
      '60997 60997/tcp',
      'bad\u001b[31m 60996/tcp',
      'ünicode 60995/tcp',
      `${'n'.repeat(65)} 60994/tcp`,
      `wide 60993/tcp ${'x '.repeat(512)}`,
      'good 60992/tcp al\u0007ias 123 ok',
    ].join('\n')
    const services = createServices(odd)
    const found = [0, 65536, 60999, 60998, 60997, 60996, 60995, 60994, 60993, 60992].map((port) =>
      services.nameOf(port, 'tcp'),
    )
    expect(found).toEqual([...Array(9).fill(undefined), 'good'])
    expect(['al\u0007ias', '123', 'ok'].map((name) => services.portOf(name, 'tcp'))).toEqual([
      undefined,
      undefined,
      60992,
    ])
  })

  it('are the same for the first lookup and for the thousandth', () => {
    const name = fc.stringMatching(/^[a-z0-9#-]{1,6}$/)
    const port = fc.integer({ min: 1, max: 30 })
    const line = fc.oneof(
      fc
        .tuple(name, port, fc.constantFrom('/tcp', '/udp', ',tcp', ''), name)
        .map(([a, p, t, b]) => `${a} ${p}${t} ${b}`),
      fc.string({ unit: fc.constantFrom(...'12/tcpud# \t'), maxLength: 20 }),
    )
    const text = fc.array(line, { maxLength: 20 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, port, fc.constantFrom<Transport>('tcp', 'udp'), (text, port, transport) => {
        const used = createServices(text)
        for (let i = 0; i < 20; i += 1) used.nameOf(i, 'tcp')
        expect(createServices(text).nameOf(port, transport)).toBe(used.nameOf(port, transport))
      }),
      { numRuns: 500 },
    )
  })

  it('are read no further than a mebibyte', () => {
    const services = createServices(`${'# padding\n'.repeat(104_857)}early 60000/tcp\nlate 60001/tcp\n`)
    expect(services.nameOf(60000, 'tcp')).toBeUndefined()
    expect(createServices(`early 60000/tcp\n${'#\n'.repeat(2 ** 19)}`).nameOf(60000, 'tcp')).toBe('early')
  })

  it('may be any text', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.string(), (text, name) => {
        const services = createServices(text)
        const port = services.portOf(name, 'tcp')
        expect(port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)).toBe(true)
        expect(services.nameOf(22, 'tcp')).toMatch(/^[!-~]+$/)
      }),
    ))
})

describe('the text of the file', () => {
  it('is asked for at the first lookup, once', () => {
    let asked = 0
    const services = createServices(() => {
      asked += 1
      return 'mine 60000/tcp'
    })
    expect(asked).toBe(0)
    expect(services.nameOf(60000, 'tcp')).toBe('mine')
    expect(services.portOf('mine', 'tcp')).toBe(60000)
    expect(asked).toBe(1)
  })

  it('may be missing or unreadable: the table answers', () => {
    const unreadable = createServices(() => {
      throw new Error('permission denied')
    })
    const missing = createServices(() => undefined)
    expect([unreadable, missing, createServices()].map((s) => s.nameOf(22, 'tcp'))).toEqual([
      'ssh',
      'ssh',
      'ssh',
    ])
    expect(unreadable.portOf('https', 'tcp')).toBe(443)
  })
})

describe('the table', () => {
  const services = createServices()
  const entries = Object.entries(IANA_SERVICES).flatMap(([group, text]) =>
    text
      .trim()
      .split(/\s+/)
      .map((entry) => ({ group, entry })),
  )

  it('is well-formed and mentions no port twice in a group', () => {
    expect(entries.filter(({ entry }) => !/^\d{1,5}:[a-z\d.+-]+(\/[a-z\d.+-]+)*$/.test(entry))).toEqual([])
    const ports = entries.map(({ group, entry }) => `${group} ${entry.split(':')[0]}`)
    expect(new Set(ports).size).toBe(ports.length)
    expect(entries.length).toBeGreaterThan(700)
  })

  it('finds every entry in both directions', () => {
    for (const { group, entry } of entries) {
      const [port, names = ''] = entry.split(':')
      for (const transport of group === 'both' ? (['tcp', 'udp'] as const) : [group as Transport]) {
        expect(services.nameOf(Number(port), transport)).toBe(names.split('/')[0])
        for (const name of names.split('/')) {
          if (name !== 'http-alt')
            expect([name, services.portOf(name, transport)]).toEqual([name, Number(port)])
        }
      }
    }
  })

  it.each<[number, Transport, string]>([
    [21, 'tcp', 'ftp'],
    [22, 'tcp', 'ssh'],
    [25, 'tcp', 'smtp'],
    [53, 'udp', 'domain'],
    [80, 'tcp', 'http'],
    [143, 'tcp', 'imap'],
    [443, 'tcp', 'https'],
    [514, 'udp', 'syslog'],
    [514, 'tcp', 'shell'],
    [993, 'tcp', 'imaps'],
    [3306, 'tcp', 'mysql'],
    [3389, 'tcp', 'ms-wbt-server'],
    [5432, 'tcp', 'postgresql'],
    [5900, 'tcp', 'rfb'],
    [6379, 'tcp', 'redis'],
    [8080, 'tcp', 'http-alt'],
    [27017, 'tcp', 'mongodb'],
    [47808, 'udp', 'bacnet'],
  ])('calls port %i of %s %s', (port, transport, name) => {
    expect(services.nameOf(port, transport)).toBe(name)
    expect(services.portOf(name, transport)).toBe(port)
  })

  it('knows http-alt on all its ports and takes 8080 for the name', () => {
    expect([591, 8008, 8080].map((port) => services.nameOf(port, 'tcp'))).toEqual(Array(3).fill('http-alt'))
    expect(services.portOf('HTTP-ALT', 'tcp')).toBe(8080)
  })

  it.each([
    '',
    ' ',
    'htt',
    'ttp',
    'http/www',
    'http 88',
    '80',
    '80:http',
    'ssh\n',
    ':ssh',
    '/www',
    'no-such-service',
  ])('has no service %j', (name) => {
    expect(services.portOf(name, 'tcp')).toBeUndefined()
  })

  it.each([0, -22, 2, 22.5, 65_536, Number.NaN])('has no name for port %d', (port) => {
    expect(services.nameOf(port, 'tcp')).toBeUndefined()
  })
})

describe("the system's own services", () => {
  const system = createSystemServices(FILE)

  it.each([
    ['ssh', 'tcp', 22],
    ['sshd', 'tcp', 22],
    ['WA2', 'tcp', 8081],
    ['again', 'tcp', 7001],
    ['SSH', 'tcp', undefined],
    ['wa2', 'tcp', undefined],
    ['ssh', 'udp', undefined],
    ['http', 'tcp', undefined],
  ] as const)('have %s/%s at %s', (name, transport, port) => {
    expect(system.portOf(name, transport)).toBe(port)
  })

  it.each([
    [22, 'tcp', 'ssh'],
    [7000, 'tcp', 'first'],
    [80, 'tcp', undefined],
  ] as const)('call %i/%s %s', (port, transport, name) => {
    expect(system.nameOf(port, transport)).toBe(name)
  })

  it.each([undefined, '', () => undefined, () => fail()])(
    'are the well-known ones where there is no file',
    (text) => {
      const builtIn = createSystemServices(text)
      expect([builtIn.portOf('http', 'tcp'), builtIn.portOf('HTTP', 'tcp')]).toEqual([80, undefined])
      expect(builtIn.nameOf(80, 'tcp')).toBe('http')
    },
  )

  it('are read once, and not before they are needed', () => {
    let reads = 0
    const counted = createSystemServices(() => {
      reads += 1
      return FILE
    })
    expect(reads).toBe(0)
    for (const name of ['ssh', 'nosuch', 'domain']) counted.portOf(name, 'tcp')
    counted.nameOf(22, 'tcp')
    expect(reads).toBe(1)
  })
})

function fail(): never {
  throw new Error('cannot be read')
}

describe('the ports that have a name', () => {
  it('are those of the file, whatever the protocol, ascending and each once', () => {
    expect(knownPorts(`${FILE}rtmp 1/ddp # AppleTalk\nlast 65535/sctp\n`)).toEqual([
      ...[1, 22, 53, 161, 7000, 7001, 7002, 7003, 7004, 8081, 65_535],
    ])
  })

  it.each([
    '# ssh 22/tcp',
    'ssh 22',
    'ssh 0/tcp',
    'ssh 65536/tcp',
    '22/tcp',
    'ssh\n22/tcp',
    'ssh 22/',
    'a b 22/tcp',
  ])('are not told by %j', (text) => {
    expect(knownPorts(text)).toEqual([])
  })

  it('are those of the registry without a file', () => {
    const ports = knownPorts(() => {
      throw new Error('no such file')
    })
    expect(ports).toEqual([...ports].sort((a, b) => a - b))
    expect(ports).toEqual(expect.arrayContaining([22, 53, 80, 443, 8080]))
    expect(ports).toEqual(knownPorts())
    expect(new Set(ports).size).toBe(ports.length)
  })

  it('stay ports whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '1', '9', ' ', '/', 't', '\n', '#') }), (text) => {
        for (const port of knownPorts(`x${text}`)) expect(port >= 1 && port <= 65_535).toBe(true)
      }),
    )
  })
})
