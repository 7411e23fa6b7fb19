import type { PacketBackend } from '../src/io/packets.ts'
import { type SimIo, simIo } from '../src/sim/sim.ts'
import { type ChannelTraits, type ChannelWorld, describePacketChannel } from './packet-channel-contract.ts'

const TRAITS = {
  kernel: { departures: true, rebuilt: [], arp: true },
  'raw-socket': { departures: false, rebuilt: [6], arp: false },
} as const satisfies Record<PacketBackend, ChannelTraits>

const [PAIR_4, PAIR_6] = [
  { local: '10.0.0.1', remote: '10.0.0.2' },
  { local: 'fd00::1', remote: 'fd00::2' },
] as const
const PORTS = { open: 22, closed: 111, stealth: 137, rejecting: 8 } as const

function machine(): SimIo {
  return simIo({
    addresses: [PAIR_4.local, PAIR_6.local],
    ports: Object.fromEntries(
      [`${PAIR_4.remote}:`, `[${PAIR_6.remote}]:`].flatMap((host) => [
        [`${host}22`, { does: 'accept', afterMs: 0.2 }],
        [`${host}137`, { does: 'drop' }],
        [`${host}8`, { does: 'icmp', afterMs: 0.2, ...rejection(host) }],
      ]),
    ),
  })
}

function rejection(host: string) {
  return host.includes('[')
    ? { type: 1, code: 1, from: PAIR_6.remote }
    : { type: 3, code: 13, from: PAIR_4.remote }
}

const io = machine()
const world = (backend: PacketBackend): ChannelWorld => ({
  clock: io.clock,
  open: (request) => io.packets.open({ ...request, backend }),
  pairs: [PAIR_4, PAIR_6],
  ports: PORTS,
})

describePacketChannel('the simulated kernel', world('kernel'), TRAITS.kernel)
describePacketChannel('the simulated raw-socket', world('raw-socket'), TRAITS['raw-socket'])
