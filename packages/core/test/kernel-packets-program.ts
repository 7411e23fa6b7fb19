import { execFileSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { kernelPackets } from '../src/io/kernel/packets.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import type { OutgoingPacket, PacketChannel, PacketRequest, Packets, SeenPacket } from '../src/io/packets.ts'
import { udpRoute } from '../src/io/raw-socket/route.ts'
import type { Address } from '../src/model/target.ts'
import { encodeIpv4 } from '../src/wire/ipv4.ts'
import { decodeLink } from '../src/wire/link.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { encodeTcp } from '../src/wire/tcp.ts'

/** Does with the kernel's packets what its arguments say, inside of a network namespace, and prints JSON. */

export interface Told {
  readonly linkType: number
  readonly hex: string
  readonly length: number
  readonly direction: string
  readonly timeNs: number
  readonly era: number
  readonly wallNs: string
}

export interface Exchange {
  readonly request: PacketRequest
  readonly packets: readonly { readonly hex: string; readonly index?: number; readonly mac?: string }[]
  /** How many packets to wait for, and how long at most. */
  readonly most: number
  readonly waitMs: number
}

const [, , task = '', argument = '{}'] = process.argv
const given = JSON.parse(argument)

function packets(bufferOctets?: number) {
  const found = kernelPackets(nodeClock, bufferOctets)
  if (found === undefined) throw new Error('no koffi')
  return found
}

/** What the system tells its link about groups by itself (RFC 3810): a filter lets what has extension headers pass. */
function isGroupReport(octets: Uint8Array, linkType: number): boolean {
  const network = decodeLink(linkType, octets)?.network
  if (network?.kind !== 'ipv6') return false
  const { protocol, payload } = network.header
  return protocol === 58 && octets[payload.from] === 143
}

async function collect(channel: PacketChannel, most: number, waitMs: number): Promise<readonly Told[]> {
  const told: Told[] = []
  const late = AbortSignal.timeout(waitMs)
  const see = (seen: SeenPacket): void => {
    const { octets, from, to, ...rest } = seen
    if (isGroupReport(octets.subarray(from, to), seen.linkType)) return
    const wallNs = String(BigInt(seen.timeNs) + channel.wallOffsetNs())
    told.push({ ...rest, hex: Buffer.from(octets.subarray(from, to)).toString('hex'), wallNs })
  }
  while (told.length < most && !late.aborted) {
    await channel.ready(late)
    channel.drain(see)
  }
  return told
}

/** With one octet more than counts. */
const outgoing = ({ hex, index = 0, mac }: Exchange['packets'][number]): OutgoingPacket => ({
  octets: Buffer.concat([Buffer.from(hex, 'hex'), Buffer.from([0xa5])]),
  length: hex.length / 2,
  interfaceIndex: index,
  hardwareDestination: mac === undefined ? undefined : Buffer.from(mac, 'hex'),
})

async function exchange({ request, packets: shots, most, waitMs }: Exchange) {
  const channel = await packets().open(request)
  const made = shots.map(outgoing)
  const beforeNs = nodeClock.nowNs()
  const outcome = await channel.send(made, 1e9)
  const afterNs = nodeClock.nowNs()
  const told = await collect(channel, most, waitMs)
  const { clock } = channel
  channel.close()
  const { sent, fault } = outcome
  return { told, clock, sent, fault: fault?.code, message: fault?.message, beforeNs, afterNs }
}

const SOURCE = '10.78.0.1'
const TARGET = '10.78.0.2'
const LOCAL_PORT = 40001
const sweepRequest: PacketRequest = {
  backend: 'kernel',
  families: [4],
  interests: [{ protocol: 'tcp', localPorts: [LOCAL_PORT, LOCAL_PORT], departingFlags: 2 }],
  departures: true,
  snapLength: 64,
}

function syn(destinationPort: number): OutgoingPacket {
  const octets = new Uint8Array(40)
  const ends = { source: addressOctets(SOURCE), destination: addressOctets(TARGET), payloadLength: 0 }
  const tcp = { sourcePort: LOCAL_PORT, destinationPort, seq: destinationPort, ack: 0, reserved: 0, flags: 2 }
  encodeTcp({ ...tcp, window: 1024, urgent: 0, options: [] }, octets, 20, ends)
  const ip = { tos: 0, id: 7, isReservedSet: false, dontFragment: false, moreFragments: false, ttl: 64 }
  const ends4 = { source: SOURCE, destination: TARGET }
  encodeIpv4(
    { ...ip, fragmentOffset: 0, protocol: 6, ...ends4, optionOctets: new Uint8Array() },
    octets,
    0,
    20,
  )
  return { octets, length: 40, interfaceIndex: 0 }
}

/** A SYN to each port, the silent ones included. */
async function sweep() {
  const channel = await packets().open(sweepRequest)
  const all = Array.from({ length: 65_535 }, (_, i) => syn(i + 1))
  const answered = new Set<number>()
  const eras = new Set<number>()
  const leftNs = new Map<number, number>()
  const cameNs = new Map<number, number>()
  const see = ({ octets, from, direction, timeNs, era }: SeenPacket): void => {
    eras.add(era)
    const port = (at: number): number => (octets[from + at] ?? 0) * 256 + (octets[from + at + 1] ?? 0)
    if (direction === 'out') leftNs.set(port(22), timeNs)
    else if (octets[from + 9] === 6) {
      answered.add(port(20))
      cameNs.set(port(20), timeNs)
    }
  }
  for (let at = 0; at < all.length; ) {
    const { sent, fault } = await channel.send(all.slice(at, at + 256))
    if (fault !== undefined) throw fault
    at += sent
    channel.drain(see)
  }
  const late = AbortSignal.timeout(2000)
  while (answered.size < 65_535 - given.silent && !late.aborted) {
    await channel.ready(late)
    channel.drain(see)
  }
  const missing = all.flatMap((_, i) => (answered.has(i + 1) ? [] : [i + 1]))
  const early = [...cameNs].filter(
    ([port, ns]) => ns <= (leftNs.get(port) ?? Number.POSITIVE_INFINITY),
  ).length
  const result = { departed: leftNs.size, early, missing, eras: eras.size, dropped: channel.dropped() }
  channel.close()
  return result
}

async function overrun() {
  const channel = await packets(4096).open(sweepRequest)
  const all = Array.from({ length: 1000 }, (_, i) => syn(20_000 + i))
  for (let at = 0; at < all.length; ) at += (await channel.send(all.slice(at))).sent
  await sleep(50)
  const early = channel.dropped()
  let seen = 0
  while (channel.drain(() => seen++) > 0);
  const { length } = readdirSync('/proc/self/fd')
  channel.close()
  return { early, dropped: channel.dropped(), seen, closed: length - readdirSync('/proc/self/fd').length }
}

async function linkDown() {
  const channel = await packets().open({ ...sweepRequest, interfaceName: 'lab0' })
  const never = new AbortController()
  const waiting = channel.ready(never.signal)
  execFileSync('sh', ['-c', 'ip link set lab0 down'])
  await waiting
  channel.drain(() => {})
  const fault = channel.fault()?.code
  const { sent, fault: refused } = await channel.send([syn(22)])
  let isOver = false
  const again = channel.ready(never.signal).then(() => {
    isOver = true
  })
  await sleep(100)
  const spins = isOver
  never.abort()
  await again
  channel.close()
  return { fault, sent, refused: refused?.code, spins, isOver }
}

/** How many descriptors are open before and after many channels, good and bad ones. */
async function descriptors() {
  const { open } = packets()
  const first = await open(sweepRequest)
  first.close()
  const count = (): number => readdirSync('/proc/self/fd').length
  const before = count()
  const faults: string[] = []
  for (let i = 0; i < 20; i++) {
    const channel = await open({ ...sweepRequest, families: [4, 6] })
    const waiting = channel.ready(new AbortController().signal)
    await channel.send([syn(22)])
    channel.close()
    channel.close()
    await waiting
    const nothing = channel.drain(() => {}) + (await channel.send([syn(22)])).sent
    if (nothing > 0) faults.push('a closed channel works')
    await open({ ...sweepRequest, interfaceName: 'none0' }).catch(({ code }) => faults.push(code))
  }
  return { before, after: count(), faults: [...new Set(faults)] }
}

async function tryOpen() {
  const before = readdirSync('/proc/self/fd').length
  try {
    const channel = await packets().open(sweepRequest)
    const { sent } = await channel.send([syn(22)])
    const told = await collect(channel, 2, 2000)
    channel.close()
    return { sent, seen: told.length }
  } catch (error) {
    const { name, code, message } = error as { name: string; code: string; message: string }
    return { name, code, message, left: readdirSync('/proc/self/fd').length - before }
  }
}

async function routes(route: Packets['route'] = packets().route) {
  const ways = given as readonly (Address & { source?: string; by?: string })[]
  return Promise.all(
    ways.map(async ({ source, by, ...destination }) => {
      try {
        const found = await route(destination, { sourceAddress: source, interfaceName: by })
        return { ...found, hardwareAddress: Buffer.from(found.hardwareAddress ?? []).toString('hex') }
      } catch (error) {
        const { code, about } = error as { code: string; about: string }
        return { code, about }
      }
    }),
  )
}

const TASKS: Readonly<Record<string, () => Promise<unknown>>> = {
  exchange: () => exchange(given),
  sweep,
  overrun,
  linkDown,
  descriptors,
  tryOpen,
  routes: () => routes(),
  udpRoutes: () => routes(udpRoute),
}
void TASKS[task]?.().then((told) => process.stdout.write(JSON.stringify(told)))
