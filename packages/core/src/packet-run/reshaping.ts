import type { Clock } from '../io/io.ts'
import type { OutgoingPacket, PacketChannel, SendOutcome } from '../io/packets.ts'
import { LocalFault } from '../model/errors.ts'

/** What is sent instead of a packet whose first `length` octets count: the pieces in their order, from the IP header on. */
export type Reshape = (packet: Uint8Array, length: number) => readonly Uint8Array[]

/** A packet whose rest finds no room for so many milliseconds is given up. */
const MOST_WAITS = 100

/** A channel that sends the pieces of every packet, such as fragments. What it says of packets is of whole ones. */
export function reshaping(channel: PacketChannel, clock: Clock, reshape: Reshape): PacketChannel {
  const sendWhole = async (packet: OutgoingPacket): Promise<SendOutcome> => {
    const { interfaceIndex } = packet
    let waiting: OutgoingPacket[] = reshape(packet.octets, packet.length).map((octets) => ({
      octets,
      length: octets.length,
      interfaceIndex,
    }))
    for (let waits = 0; waits <= MOST_WAITS; waits++) {
      const { sent, fault } = await channel.send(waiting)
      if (fault !== undefined) return { sent: 0, fault }
      waiting = waiting.slice(sent)
      if (waiting.length === 0) return { sent: 1, fault: undefined }
      // Half a packet is of no use: the rest follows as soon as there is room.
      await clock.sleep(1)
    }
    return { sent: 0, fault: new LocalFault('ENOBUFS', 'no room for the fragments of a packet') }
  }
  return {
    backend: channel.backend,
    clock: channel.clock,
    wallOffsetNs: () => channel.wallOffsetNs(),
    drain: (see, most) => channel.drain(see, most),
    ready: (signal) => channel.ready(signal),
    dropped: () => channel.dropped(),
    fault: () => channel.fault(),
    close: () => channel.close(),
    async send(packets, count = packets.length) {
      let sent = 0
      for (const packet of packets.slice(0, count)) {
        const outcome = await sendWhole(packet)
        if (outcome.sent === 0) return { sent, fault: outcome.fault }
        sent += 1
      }
      return { sent, fault: undefined }
    },
  }
}
