import { expect, it } from 'vitest'
import { knockPorts } from '../src/hosts/connect-discovery.ts'
import { discoverIn, world } from './discover-kit.ts'

const KNOCKING = { usesPackets: false } as const
const SILENT = { '10.0.0.9:80': { does: 'drop' }, '10.0.0.9:443': { does: 'drop' } } as const

it.each([
  ['syn-ack', { does: 'accept', afterMs: 1 }],
  ['conn-refused', { does: 'refuse', afterMs: 1 }],
] as const)('takes a host for up by %s at one of two ports', async (reason, port) => {
  const io = world({ ports: { '10.0.0.2:80': { does: 'drop' }, '10.0.0.2:443': port } })
  const { told, hosts } = await discoverIn(io, ['10.0.0.2'], KNOCKING)
  expect(told).toEqual([`10.0.0.2 up ${reason}`])
  expect(hosts[0]).toMatchObject({ route: undefined, times: { srttUs: 1000 }, status: { ttl: 0 } })
  expect(io.wire).toEqual([])
})

it('takes a host that answers nothing for down, in two tries of a second', async () => {
  const io = world({ ports: SILENT })
  expect((await discoverIn(io, ['10.0.0.9'], KNOCKING)).told).toEqual(['10.0.0.9 down no-response'])
  expect(io.net.attempts).toHaveLength(4)
  expect(io.clock.nowNs()).toBe(2e9)
})

it('asks a second time, when that is answered it counts', async () => {
  const late = [{ does: 'drop' }, { does: 'refuse', afterMs: 1 }] as const
  const io = world({ ports: { ...SILENT, '10.0.0.9:80': late } })
  expect((await discoverIn(io, ['10.0.0.9'], KNOCKING)).told).toEqual(['10.0.0.9 up conn-refused'])
})

it('says why a host cannot be reached', async () => {
  const gone = { does: 'unreachable', afterMs: 1, code: 'EHOSTUNREACH' } as const
  const io = world({ ports: { '10.0.0.9:80': gone, '10.0.0.9:443': gone } })
  expect((await discoverIn(io, ['10.0.0.9'], KNOCKING)).told).toEqual(['10.0.0.9 down host-unreach'])
})

it.each(['ENETUNREACH', 'EACCES', 'EPERM'])('goes on with the others after %s', async (code) => {
  const fault = { does: 'fault', code, message: code } as const
  const io = world({ ports: { '10.0.0.9:80': fault, '10.0.0.9:443': fault } })
  const { hosts } = await discoverIn(io, ['10.0.0.9', '10.0.0.2'], KNOCKING)
  expect(hosts.map(({ status }) => status.state)).toEqual(['down', 'up'])
})

it('finds all hosts of a network where files are few', async () => {
  let open = 0
  const scarce = () => {
    const does = io.net.open() >= 5 ? 'fault' : 'refuse'
    open = Math.max(open, io.net.open())
    return does === 'fault'
      ? ({ does, code: 'EMFILE', message: 'too many open files' } as const)
      : ({ does, afterMs: 2 } as const)
  }
  const addresses = Array.from({ length: 100 }, (_, i) => `10.0.1.${i + 1}`)
  const ports = Object.fromEntries(
    addresses.flatMap((at) => [80, 443].map((port) => [`${at}:${port}`, scarce])),
  )
  const io = world({ ports })
  const { hosts } = await discoverIn(io, addresses, KNOCKING)
  expect(hosts.every(({ status }) => status.reason === 'conn-refused')).toBe(true)
  expect(open).toBeLessThanOrEqual(5)
})

it('rejects where there is no room for a single socket', async () => {
  const fault = { does: 'fault', code: 'EMFILE', message: 'too many open files' } as const
  const io = world({ ports: { '10.0.0.9:80': fault, '10.0.0.9:443': fault } })
  await expect(discoverIn(io, ['10.0.0.9'], KNOCKING)).rejects.toThrow('too many open files')
})

it('writes its connections as nmap does', async () => {
  const gone = { does: 'unreachable', afterMs: 1, code: 'EHOSTUNREACH' } as const
  const io = world({ ports: { '10.0.0.2:80': gone, '10.0.0.2:443': { does: 'accept', afterMs: 2 } } })
  const { events } = await discoverIn(io, ['10.0.0.2'], { ...KNOCKING, packetTrace: true })
  expect(events.flatMap((event) => (event.kind === 'trace' ? [event.text] : []))).toEqual([
    'CONN (0.0010s) TCP localhost > 10.0.0.2:80 => No route to host',
    'CONN (0.0020s) TCP localhost > 10.0.0.2:443 => Connected',
  ])
})

it('knocks at as many ports as the user names', async () => {
  const ports = Array.from({ length: 40 }, (_, i) => i + 1)
  const silent = Object.fromEntries(ports.map((port) => [`10.0.0.9:${port}`, { does: 'drop' } as const]))
  const io = world({ ports: { ...silent, '10.0.0.9:40': { does: 'refuse', afterMs: 1 } } })
  const probes = [{ kind: 'syn', ports }] as const
  expect((await discoverIn(io, ['10.0.0.9'], { ...KNOCKING, probes })).told).toEqual([
    '10.0.0.9 up conn-refused',
  ])
  expect(io.net.attempts).toHaveLength(40)
})

it('knocks at no port with -Pn', async () => {
  const io = world({ ports: SILENT })
  const { told } = await discoverIn(io, ['10.0.0.9'], { ...KNOCKING, isSkipped: true })
  expect(told).toEqual(['10.0.0.9 up user-set'])
  expect(io.net.attempts).toEqual([])
})

it('ends at once when it is interrupted', async () => {
  const control = new AbortController()
  const io = world({ ports: SILENT })
  void io.clock.sleep(300).then(() => control.abort('SIGINT'))
  const { told } = await discoverIn(io, ['10.0.0.9'], { ...KNOCKING, signal: control.signal })
  expect(told).toEqual(['10.0.0.9 unknown no-response'])
  expect(io.clock.nowNs()).toBe(3e8)
})

it.each([
  [[], [80, 443]],
  [[{ kind: 'echo' }], [80, 443]],
  [
    [
      { kind: 'syn', ports: [22, 25] },
      { kind: 'ack', ports: [25, 113] },
      { kind: 'udp', ports: [53] },
    ],
    [22, 25, 113],
  ],
] as const)('knocks, for the probes %j, at %j', (probes, ports) => {
  expect(knockPorts(probes)).toEqual(ports)
})
