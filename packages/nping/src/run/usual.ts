import type { Settings } from '../settings.ts'

/** What nping asks when it is not told. */
export const USUAL = {
  tcpPort: 80,
  udpPort: 40125,
  udpSource: 53,
  ttl: 64,
  rounds: 5,
  hops: 48,
  mostTtl: 255,
} as const

/** The octets to send, drawn at random where only their number is given. */
export function payloadOf(
  { payload }: Pick<Settings, 'payload'>,
  random: () => number,
): Uint8Array | undefined {
  if (payload === undefined) return undefined
  if ('octets' in payload) return payload.octets
  return Uint8Array.from({ length: payload.randomLength }, () => random() & 0xff)
}
