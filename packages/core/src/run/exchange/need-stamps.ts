import type { PacketChannel } from '../../io/packets.ts'
import { LocalFault } from '../../model/errors.ts'

/** Closes a channel that cannot compare departures and arrivals. @throws LocalFault ENOTSUP */
export function needStamps(channel: PacketChannel): void {
  if (channel.clock === 'packet') return
  channel.close()
  throw new LocalFault(
    'ENOTSUP',
    'the packet clock needs the kernel backend: Linux on x64 or arm64 and the optional package koffi',
  )
}
