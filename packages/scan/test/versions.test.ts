import { simIo, type World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { answers, greets, HTTP, SILENT, SSH, speaks, TLS13, worldOf } from '../../banner/test/kit.ts'
import type { PortNames } from '../src/grammar/service-names.ts'
import { nmapName } from '../src/run/service-protocols.ts'
import { type FoundService, identifyServices, type OpenPort } from '../src/run/versions.ts'
import type { VersionWish } from '../src/settings.ts'

// Virtual time passes while a module is loaded: what runs load late is here before.
import '@portkit/banner'

const USUAL: VersionWish = { light: false, thorough: false, printers: false }
const NAMES: Pick<PortNames, 'nameOf'> = {
  nameOf: (port) =>
    new Map([
      [80, 'http'],
      [443, 'https'],
      [8443, 'https-alt'],
      [9100, 'jetdirect'],
      [53, 'domain'],
    ]).get(port),
}

const open = (port: number, protocol: OpenPort['protocol'] = 'tcp'): OpenPort => ({
  address: '10.0.0.2',
  family: 4,
  host: 'db.lan',
  protocol,
  port,
})

/** What is found out, by protocol and port. */
async function found(
  world: World,
  ports: readonly OpenPort[],
  wish: VersionWish = USUAL,
  interruptMs?: number,
): Promise<ReadonlyMap<string, FoundService>> {
  const io = simIo(world)
  const all = new Map<string, FoundService>()
  if (interruptMs !== undefined) void io.clock.sleep(interruptMs).then(() => io.interrupt())
  const reading = async (): Promise<number> => {
    for await (const one of identifyServices(ports, wish, NAMES, io))
      all.set(`${one.protocol}/${one.port}`, one)
    return 0
  }
  expect(await io.runUntilIdle(reading())).toBe(0)
  return all
}

async function serviceAt(port: number, world: World, wish?: VersionWish): Promise<FoundService['service']> {
  return (await found(world, [open(port)], wish)).get(`tcp/${port}`)?.service
}

const HANGS_UP = speaks({ kind: 'steps', steps: [{ does: 'close' }] })
const RESETS = speaks({ kind: 'steps', steps: [{ does: 'rst' }] })
const table = (name: string) => ({ name, method: 'table', confidence: 3 })
const WRAPPED = { name: 'tcpwrapped', method: 'probed', confidence: 8 }

describe('-sV', () => {
  it('says what a service said of itself', async () => {
    const services = await found(worldOf({ 22: greets(SSH), 80: answers(['GET / HTTP/1.', HTTP]) }), [
      open(22),
      open(80),
    ])
    expect(services.get('tcp/22')).toMatchObject({
      address: '10.0.0.2',
      answered: true,
      service: {
        name: 'ssh',
        method: 'probed',
        confidence: 10,
        product: 'OpenSSH',
        version: '9.2p1',
        tunnel: undefined,
      },
    })
    expect(services.get('tcp/80')?.service).toMatchObject({
      name: 'http',
      product: 'nginx',
      version: '1.22.1',
    })
  })

  it('tells services inside TLS by their tunnel', async () => {
    const web = { kind: 'answers', answers: [['GET / HTTP/1.', HTTP]] } as const
    const world = worldOf({ 443: SILENT }, { tls: { 443: { ...TLS13, peer: web } } })
    expect(await serviceAt(443, world)).toMatchObject({
      name: 'http',
      product: 'nginx',
      tunnel: 'ssl',
      method: 'probed',
    })
  })

  it('says no more than the name of the port, and TLS, of what is silent inside TLS', async () => {
    const quiet = { kind: 'steps', steps: [{ does: 'drain' }] } as const
    const tls = { 8443: { ...TLS13, peer: quiet }, 4711: { ...TLS13, peer: quiet } }
    const world = worldOf({ 8443: SILENT, 4711: SILENT }, { tls })
    expect(await serviceAt(8443, world)).toEqual({ ...table('https-alt'), tunnel: 'ssl' })
    expect(await serviceAt(4711, world)).toEqual({ ...table('unknown'), tunnel: 'ssl' })
  })

  it.each([
    ['hangs up', HANGS_UP],
    ['resets', RESETS],
  ])('calls a port that %s by itself tcpwrapped', async (_, peer) => {
    expect(await serviceAt(4711, worldOf({ 4711: peer }))).toEqual(WRAPPED)
    expect(await serviceAt(80, worldOf({ 80: peer }))).toEqual(WRAPPED)
  })

  it('does not call a port so that hangs up when it is asked', async () => {
    const picky = speaks({
      kind: 'answers',
      answers: [
        ['GET', 'close'],
        ['\r\n', 'close'],
      ],
    })
    expect((await serviceAt(4711, worldOf({ 4711: picky })))?.name).not.toBe('tcpwrapped')
  })

  it('guesses by the number of a port that says nothing it knows, and else not at all', async () => {
    const world = worldOf({ 80: greets('zorglub 1.0'), 4711: greets('zorglub 1.0'), 4712: SILENT })
    expect(await serviceAt(80, world)).toEqual({ ...table('http'), tunnel: undefined })
    expect(await serviceAt(4711, world)).toBeUndefined()
    expect(await serviceAt(4712, world)).toBeUndefined()
  })

  it('asks nothing when it is to be light', async () => {
    const world = worldOf({ 22: greets(SSH), 80: answers(['GET / HTTP/1.', HTTP]) })
    const services = await found(world, [open(22), open(80)], { ...USUAL, light: true })
    expect(services.get('tcp/22')?.service).toMatchObject({ name: 'ssh', method: 'probed' })
    expect(services.get('tcp/80')?.service).toEqual({ ...table('http'), tunnel: undefined })
  })

  it('tries everything when it is to be thorough', async () => {
    const odd = speaks({
      kind: 'answers',
      answers: [
        ['PING\r\n', '+PONG\r\n'],
        ['*1', '+PONG\r\n'],
      ],
    })
    const world = worldOf({ 4711: odd })
    expect(await serviceAt(4711, world)).toBeUndefined()
    expect(await serviceAt(4711, world, { ...USUAL, thorough: true })).toMatchObject({ name: 'redis' })
  })

  it('leaves printers alone unless they are asked for', async () => {
    const world = worldOf({ 9100: greets(SSH) })
    expect(await serviceAt(9100, world)).toEqual({ ...table('jetdirect'), tunnel: undefined })
    expect(await serviceAt(9100, world, { ...USUAL, printers: true })).toMatchObject({ name: 'ssh' })
  })

  it('tells whether a UDP port has answered, which makes it open', async () => {
    const at = (port: number): string => `10.0.0.2:${port}`
    const datagrams = {
      [at(69)]: { does: 'answer', octets: Uint8Array.of(0, 5, 0, 1, 120, 0) },
      [at(53)]: { does: 'drop' },
      [at(161)]: { does: 'closed' },
    } as const
    const udp = [69, 53, 161].map((port) => open(port, 'udp'))
    const services = await found(worldOf({ 22: greets(SSH) }, { datagrams }), [...udp, open(22)])
    expect(services.get('udp/69')).toMatchObject({
      answered: true,
      service: { name: 'tftp', method: 'probed' },
    })
    expect(services.get('udp/53')).toMatchObject({ answered: false, service: table('domain') })
    expect(services.get('udp/161')).toMatchObject({ answered: false })
    expect(services.get('tcp/22')).toMatchObject({ answered: true })
  })

  it('ends with what is known when the user ends it', async () => {
    const world = worldOf({ 22: greets(SSH), 4711: SILENT })
    const services = await found(world, [open(22), open(4711)], USUAL, 500)
    expect(services.get('tcp/22')?.service).toMatchObject({ name: 'ssh' })
    expect(services.get('tcp/4711')?.service).toBeUndefined()
  })

  it('asks nobody where there are no ports', async () => {
    expect(await found(worldOf({}), [])).toEqual(new Map())
  })
})

it.each([
  ['mssql', 'ms-sql-s'],
  ['dns', 'domain'],
  ['postgresql', 'postgresql'],
  ['__proto__', '__proto__'],
])('%s is %s in the report', (ours, theirs) => expect(nmapName(ours)).toBe(theirs))
