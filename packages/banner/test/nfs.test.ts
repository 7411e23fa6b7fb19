import { nfs } from '../src/protocols/files/nfs.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const udp = { transport: 'udp', sent: probeOf(nfs, { transport: 'udp' }) } as const
const tcp = { sent: probeOf(nfs) }

/** A reply to our call; numbers of 32 bits. */
const reply = (...numbers: readonly number[]): Uint8Array =>
  Uint8Array.from(
    [0x12345678, 1, ...numbers].flatMap((value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255)),
  )

detectorTests(nfs, [
  {
    title: 'by its versions',
    octets: reply(0, 0, 0, 2, 3, 4),
    context: udp,
    service: { protocol: 'nfs', info: 'versions 3 to 4' },
  },
  {
    title: 'by its one version, over TCP',
    octets: Uint8Array.from([0x80, 0, 0, 32, ...reply(0, 0, 0, 2, 4, 4)]),
    context: tcp,
    service: { protocol: 'nfs', info: 'version 4' },
  },
  {
    title: 'by an answer to any version',
    octets: reply(0, 0, 0, 0),
    context: udp,
    service: { protocol: 'nfs' },
  },
  {
    title: 'a server of other programs',
    octets: reply(0, 0, 0, 1),
    context: udp,
    service: { protocol: 'rpc', info: 'another program than nfs' },
  },
  {
    title: 'with a verifier, which is skipped',
    octets: reply(0, 1, 4, 0, 2, 2, 4),
    context: udp,
    service: { protocol: 'nfs', info: 'versions 2 to 4' },
  },
  {
    title: 'not with a verifier that is too long',
    octets: reply(0, 1, 0x7fffffff, 0, 2, 2, 4),
    context: udp,
    service: undefined,
  },
])
