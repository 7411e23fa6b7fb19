import { expect, it } from 'vitest'
import { describeLab, HOSTILE_BYTES, LATE_GREETING, LATE_MS, NOWHERE, PORTS } from '../src/vitest.ts'
import { resolveInside, watch, watchOne } from './inside.ts'

type PortName = keyof typeof PORTS

/** What node:net makes of each port: the result of connect(), and how the connection ended. */
const EXPECTED = {
  open: 'open held',
  http: 'open held',
  tls: 'open held',
  smtp: 'open held',
  pop3: 'open held',
  alternateHttp: 'open held',
  closed: 'ECONNREFUSED held',
  stealth: 'silence held',
  hostUnreachable: 'EHOSTUNREACH held',
  portUnreachable: 'ECONNREFUSED held',
  adminProhibited: 'EHOSTUNREACH held',
  netUnreachable: 'ENETUNREACH held',
  rejectedWithReset: 'ECONNREFUSED held',
  resetAfterAccept: 'open rst',
  silent: 'open held',
  slowAccept: 'open held',
  fullQueue: 'silence held',
  flapping: 'open held',
  chatty: 'open held',
} as const satisfies Record<PortName, string>

const NAMES = Object.keys(EXPECTED) as PortName[]

describeLab('the target of a lab', { needs: ['openssl'] }, (lab) => {
  const { address4, address6, dead6 } = lab.target

  it.each([
    ['IPv4', address4, {}],
    // Linux gives an ICMPv6 prohibition an error number of its own.
    ['IPv6', address6, { adminProhibited: 'EACCES held' }],
  ])('has every port of the table doing what it says over %s', async (_family, address, except) => {
    const watched = await watch(
      lab,
      NAMES.map((name) => ({ address, port: PORTS[name].port })),
    )
    const found = watched.map(({ result, ended }, i) => [NAMES[i], `${result} ${ended}`])
    expect(Object.fromEntries(found)).toEqual({ ...EXPECTED, ...except })
  })

  it.each([address4, address6])('ends a held connection to %s after the peer did', async (address) => {
    const [open, silent] = await watch(lab, [
      { address, port: PORTS.open.port, fin: true },
      { address, port: PORTS.silent.port, fin: true },
    ])
    expect(open?.ended).toBe('fin')
    expect(silent?.ended, 'the silent port never does').toBe('held')
  })

  it('greets late on the slow port, though the handshake was done at once', async () => {
    const { said, greetedAfterMs } = await watchOne(lab, { address: address4, port: PORTS.slowAccept.port })
    expect(Buffer.from(said, 'hex').toString()).toBe(LATE_GREETING)
    expect(greetedAfterMs).toBeGreaterThan(LATE_MS - 20)
  })

  it('sends hostile bytes unchanged', async () => {
    const { said } = await watchOne(lab, { address: address6, port: PORTS.chatty.port })
    expect(said).toBe(HOSTILE_BYTES.toString('hex'))
  })

  it.each([
    ['closed', 'ECONNREFUSED'],
    ['stealth', 'silence'],
    ['open', 'open'],
    ['stealth', 'silence'],
    ['closed', 'ECONNREFUSED'],
    ['open', 'open'],
  ] as const)('switches a port to %s on command', async (state, result) => {
    const { port } = PORTS.flapping
    await lab.target.setPort(port, state)
    const watched = await watch(lab, [
      { address: address4, port },
      { address: address6, port },
    ])
    expect(watched.map((one) => one.result)).toEqual([result, result])
  })

  it('resets the connections to a port that closes', async () => {
    await lab.target.setPort(PORTS.alternateHttp.port, 'open')
    const client = lab.spawn(process.execPath, [
      '-e',
      `require('node:net').connect(${PORTS.alternateHttp.port}, '${address4}', () => console.log('connected')).on('error', (e) => console.log(e.code))`,
    ])
    await client.until(/connected/)
    await lab.target.setPort(PORTS.alternateHttp.port, 'closed')
    expect((await client.done).stdout).toBe('connected\nECONNRESET\n')
    await lab.target.setPort(PORTS.alternateHttp.port, 'open')
  })

  it.each([[0], [65_536], [1.5]])('refuses to switch port %d', async (port) => {
    await expect(lab.target.setPort(port, 'open')).rejects.toThrow(`port number invalid: ${port}`)
  })

  it('answers every one of many probes with its ICMP error: none is held back by a rate limit', async () => {
    const attempts = Array.from({ length: 60 }, (_, i) => ({
      address: i % 2 === 0 ? address4 : address6,
      port: PORTS.hostUnreachable.port,
    }))
    const results = new Set((await watch(lab, attempts)).map(({ result }) => result))
    expect([...results]).toEqual(['EHOSTUNREACH'])
  })

  it('has a name whose IPv6 address is dead and whose IPv4 address lives, in this order', async () => {
    const [dead, many, unknown] = await resolveInside(lab, ['dead6.lab', 'many.lab', 'nobody.lab'])
    expect(dead).toEqual([dead6, address4])
    expect(many).toHaveLength(lab.names['many.lab']?.length ?? 0)
    expect(unknown).toBe('ENOTFOUND')
    const { port } = PORTS.open
    const watched = await watch(lab, [
      { address: dead6, port },
      { address: address4, port },
    ])
    expect(watched.map(({ result }) => result)).toEqual(['silence', 'open'])
  })

  it.each([...new Set(Object.values(lab.names).flat())].filter((address) => address !== dead6))(
    'has %s answering at once: no address is tentative, no neighbour unknown',
    async (address) => {
      const { stdout } = await lab.exec('ping', ['-c', '1', '-W', '5', address])
      expect(stdout).toContain(' 1 received')
    },
  )

  it('speaks TLS on 443 with a certificate for its name', async () => {
    const { stdout } = await lab.exec(
      'openssl',
      [
        's_client',
        '-connect',
        `${address4}:443`,
        '-servername',
        'target.lab',
        '-verify_hostname',
        'target.lab',
      ],
      { stdin: '' },
    )
    expect(stdout).toContain('subject=CN = target.lab')
    expect(stdout).toMatch(/Verification error: self.signed certificate/)
  })

  it('shows in the capture just the segments of one connection, up to the last one before the end', async () => {
    const capture = await lab.capture()
    await watchOne(lab, { address: address6, port: PORTS.open.port, fin: true })
    const segments = await capture.stop()
    const [first] = segments
    expect(segments.map(({ flags }) => flags).slice(0, 3)).toEqual(['S', 'SA', 'A'])
    expect(first).toMatchObject({ src: lab.probe.address6, dst: address6, dport: PORTS.open.port })
    expect(segments.filter(({ flags }) => flags.includes('F'))).toHaveLength(2)
    const times = segments.map(({ tNs }) => tNs)
    expect(times).toEqual([...times].sort((a, b) => Number(a - b)))
    expect(Number(times[0]) / 1e6, 'nanoseconds since 1970').toBeCloseTo(Date.now(), -5)
  })

  it('gives an empty capture when nothing passed, and says what is wrong with a filter', async () => {
    const capture = await lab.capture({ filter: 'tcp port 4711' })
    expect(await capture.stop()).toEqual([])
    await expect(lab.capture({ filter: 'no such thing' })).rejects.toThrow(/tcpdump ended: .*syntax error/s)
  })
})

describeLab('the packet filter of a lab', { needs: ['nmap'] }, (lab) => {
  const reasons = [
    [PORTS.hostUnreachable.port, 'host-unreach'],
    [PORTS.portUnreachable.port, 'port-unreach'],
    [PORTS.rejectedWithReset.port, 'reset'],
    [PORTS.closed.port, 'reset'],
    [PORTS.stealth.port, 'no-response'],
  ] as const

  it.each([
    ['IPv4', lab.target.address4, [], 'admin-prohibited', 'net-unreach'],
    ['IPv6', lab.target.address6, ['-6'], 'admin-prohibited', 'no-route'],
  ] as const)('tells nmap why over %s', async (_family, address, options, prohibited, net) => {
    const all = [
      ...reasons,
      [PORTS.adminProhibited.port, prohibited],
      [PORTS.netUnreachable.port, net],
    ] as const
    const ports = all.map(([port]) => port).join(',')
    const { stdout } = await lab.exec('nmap', [
      ...options,
      '-n',
      '-Pn',
      '-sS',
      '--reason',
      '-p',
      ports,
      address,
    ])
    for (const [port, reason] of all)
      expect(stdout).toMatch(new RegExp(`^${port}/tcp .* ${reason}( |$)`, 'm'))
  })
})

describeLab('a routed lab', { routed: true, needs: ['tcpdump'] }, (lab) => {
  it('has a router between probe and target', async () => {
    const capture = await lab.capture()
    const { port } = PORTS.open
    const watched = await watch(lab, [
      { address: lab.target.address4, port },
      { address: lab.target.address6, port },
    ])
    const answers = (await capture.stop()).filter(({ flags }) => flags === 'SA')
    expect(watched.map(({ result }) => result)).toEqual(['open', 'open'])
    expect(answers.map(({ hops }) => hops)).toEqual([63, 63])
    expect(await resolveInside(lab, ['routed.lab'])).toEqual([[lab.target.address6, lab.target.address4]])
  })

  it.each([NOWHERE.address4, NOWHERE.address6])('says that there is no route to %s', async (address) => {
    expect(await watchOne(lab, { address, port: 22 })).toMatchObject({ result: 'ENETUNREACH' })
  })
})
