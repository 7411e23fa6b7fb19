import {
  type Clock,
  fragments,
  LocalFault,
  type OutgoingPacket,
  type PacketChannel,
  type SendOutcome,
} from '@portkit/core'

/** A packet whose rest finds no room for so many milliseconds is given up. */
const MOST_WAITS = 100

/** A channel that sends every packet in fragments with `mtu` octets at most. What it says of packets is of whole ones. */
export function fragmenting(channel: PacketChannel, clock: Clock, mtu: number): PacketChannel {
  const sendWhole = async (packet: OutgoingPacket): Promise<SendOutcome> => {
    const { interfaceIndex } = packet
    let waiting: OutgoingPacket[] = fragments(packet.octets, packet.length, mtu).map((octets) => ({
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
