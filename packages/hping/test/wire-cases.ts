import type { Dissected } from './wire-kit.ts'

/** What a field of each packet is to be, in tshark's texts; a number or a pattern where one text is not enough. */
export type Wanted = Partial<Record<keyof Dissected, string | RegExp>>

export interface WireCase {
  /** Its options, without host and counts. */
  readonly words: string
  readonly wanted: Wanted
  readonly families: readonly (4 | 6)[]
  /** What hping3 does not have, or does otherwise: there is nothing to compare. */
  readonly isOurs?: boolean
}

/** Of the tests' own file, what `-E` sends. */
export const FILE_TEXT = 'one piece, two pieces'

const X10 = '58'.repeat(10)
const hex = (text: string): string => Buffer.from(text).toString('hex')
const both = (words: string, wanted: Wanted): WireCase => ({ words, wanted, families: [4, 6] })
const only4 = (words: string, wanted: Wanted): WireCase => ({ words, wanted, families: [4] })
const ours = (words: string, wanted: Wanted): WireCase => ({ ...both(words, wanted), isOurs: true })

const flags = (words: string, bits: number): WireCase =>
  both(words, { flags: `0x${bits.toString(16).padStart(4, '0')}` })

/** Each to a port of its own. */
export const TCP_CASES: readonly WireCase[] = [
  flags('-w 512', 0),
  flags('-S', 0x02),
  flags('-SA', 0x12),
  flags('-FPU', 0x29),
  flags('-R', 0x04),
  flags('-A -S -F', 0x13),
  flags('-X', 0x40),
  flags('-Y', 0x80),
  flags('-SAFRPUXY', 0xff),
  both('-S', { window: '512', hopLimit: '64', trafficClass: '0x00', payload: '', options: '', urgent: '0' }),
  both('-S -w 1', { window: '1' }),
  both('-S -w 65535', { window: '65535' }),
  both('-S -M 4294967295', { seq: '4294967295' }),
  both('-A -M 1 -L 4000000000', { seq: '1', ack: '4000000000' }),
  both('-S -t 7', { hopLimit: '7' }),
  both('-S -t 255', { hopLimit: '255' }),
  both('-S -o 10', { trafficClass: '0x10' }),
  both('-S -o e3', { trafficClass: '0xe3' }),
  only4('-S -N 4711', { id: '0x1267' }),
  only4('-S -y', { dontFragment: '1' }),
  only4('-S', { dontFragment: '0', moreFragments: '0', offset: '0', headerLength: '20' }),
  both('-S -d 10', { payload: X10 }),
  both('-S -e hello -d 10', { payload: `${hex('hello')}5858585858` }),
  ours('-S -e hello', { payload: hex('hello') }),
  both('-S -d 11 -E FILE', { payload: new RegExp(`^(${hex('one piece, ')}|${hex('two pieces')}00)$`) }),
  both('-S -b', { sum: '0' }),
  both('-S -b -d 3', { sum: '0' }),
  both('-S --tcp-mss 1234', { options: '020404d2' }),
  both('-S --tcp-timestamp', { options: /^(0101)?080a[\da-f]{16}(0101)?$/ }),
  both('-S --tcp-timestamp --tcp-mss 99', { options: /^02040063(0101)?080a[\da-f]{16}(0101)?$/ }),
  only4('-S -G', { ipOption: '7', ipOptionLength: '39', ipOptionPointer: '4', headerLength: '60' }),
  only4('-S -G -y -t 9 -d 5', { ipOption: '7', hopLimit: '9', dontFragment: '1', payload: '5858585858' }),
  both('-2', { protocol: '17', payload: '' }),
  both('-2 -d 10', { payload: X10 }),
  both('-2 -e hello -d 7', { payload: `${hex('hello')}5858` }),
  both('-2 -d 10 -b', { sum: '0' }),
  ours('--backend raw-socket -S -t 7 -o 10 -w 9 -M 1 -d 2', {
    hopLimit: '7',
    trafficClass: '0x10',
    window: '9',
    seq: '1',
    payload: '5858',
  }),
  ours('--backend raw-socket -2 -t 7 -o 10 -d 2', { hopLimit: '7', trafficClass: '0x10', payload: '5858' }),
  ours('--backend raw-socket -S -b', { sum: '0' }),
  both('-2 -t 3 -o 8', { hopLimit: '3', trafficClass: '0x08' }),
]

/** Without ports: each with a capture of its own. */
export const PORTLESS_CASES: readonly WireCase[] = [
  both('-1', { icmpType: /^(8|128)$/, icmpCode: '0', payload: '' }),
  both('-1 -d 10', { payload: X10 }),
  both('-1 -e hello -d 7', { payload: `${hex('hello')}5858` }),
  both('-1 -t 5 -o 4', { hopLimit: '5', trafficClass: '0x04' }),
  both('-1 -b', { sum: '0' }),
  only4('-1 -G', { ipOption: '7', icmpType: '8' }),
  only4('-1 --icmp-ts', { icmpType: '13', icmpCode: '0' }),
  only4('-1 -C 13', { icmpType: '13' }),
  // A fragment alone: whoever takes it apart cannot check its sum, and sees no ports in a later one.
  both('-S -x -p 40110', { moreFragments: '1', offset: '0', sum: /^2?$/, flags: '0x0002' }),
  both('-S -M 1 -L 2 -s 5000 -g 16 -p 40111', { moreFragments: '0', offset: '2', sum: '', flags: '' }),
  both('-2 -x -g 8 -d 4 -s 5000 -p 40112', { moreFragments: '1', offset: '1', sum: '', to: '' }),
  only4('-1 -N 5 -y', { id: '0x0005', dontFragment: '1' }),
]

/** Octets that each fragment of one packet carries, in order. */
export interface FragmentCase extends WireCase {
  readonly sizes: Readonly<Partial<Record<4 | 6, readonly number[]>>>
}

const cut = (words: string, four: readonly number[], six: readonly number[] = four): FragmentCase => ({
  ...both(words, {}),
  sizes: { 4: four, 6: six },
})

/** `-f` carries 16 octets a fragment, `-m N` so many; data beyond the MTU of 1500 goes in as few as fit. */
export const FRAGMENT_CASES: readonly FragmentCase[] = [
  cut('-S -M 1 -L 2 -s 5000 -f -p 40101', [16, 4]),
  cut('-S -M 1 -L 2 -s 5000 -f -d 30 -p 40102', [16, 16, 16, 2]),
  cut('-S -M 1 -L 2 -s 5000 -m 24 -d 28 -p 40103', [24, 24]),
  cut('-2 -f -d 25 -p 40104', [16, 16, 1]),
  cut('-1 -m 24 -d 60', [24, 24, 20]),
  cut('-S -M 1 -L 2 -s 5000 -d 3000 -p 40105', [1480, 1480, 60], [1448, 1448, 124]),
  cut('-2 -d 3000 -p 40106', [1480, 1480, 48], [1448, 1448, 112]),
  cut('-1 -d 3000', [1480, 1480, 48], [1448, 1448, 112]),
]
