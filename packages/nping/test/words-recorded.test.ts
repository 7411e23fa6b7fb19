import type { RttSums } from '@portkit/core'
import { encodeIcmp4, encodeIpv4, encodeTcp, encodeUdp, flagsOf, LINK_TYPE } from '@portkit/core/wire'
import { describe, expect, it } from 'vitest'
import { packetLine } from '../src/words/packet-line.ts'
import type { Detail } from '../src/words/packet-text.ts'
import { type Figures, type HostFigures, statistics } from '../src/words/statistics.ts'
import { recordedFiles } from './recorded-cases.ts'

const CASES = [...recordedFiles().values()].flat()
const LINES = [
  ...new Set(CASES.flatMap(({ stdout = [] }) => stdout.filter((line) => /^(SENT|RCVD) \(/.test(line)))),
].map((line) => line.replace(/^.*?\) /, ''))

/** The field of a recorded line, as a number; `otherwise` when the line does not tell it. */
function field(line: string, name: string, otherwise = 0): number {
  const value = new RegExp(`\\b${name}=(0x[0-9a-fA-F]+|\\d+)`).exec(line)?.[1]
  return value === undefined ? otherwise : Number(value)
}

function detailOf(line: string): Detail {
  if (line.includes('IP [ver=')) return 2
  return line.includes('proto=') ? 1 : 0
}

/** A packet with the fields of a recorded line; the numbers that it does not tell are 0. */
function rebuilt(line: string, source: string, destination: string, upper: Uint8Array): Uint8Array {
  const into = new Uint8Array(20 + upper.length)
  const flags = /flg=(\w+)/.exec(line)?.[1] ?? ''
  const protocol = { TCP: 6, UDP: 17, ICMP: 1 }[line.slice(0, 4).trim()] ?? 0
  const ip = line.slice(line.includes('IP [') ? line.indexOf('IP [') : 0)
  const header = {
    tos: field(ip, 'tos'),
    totalLength: field(ip, 'iplen'),
    id: field(ip, 'id'),
    isReservedSet: flags.includes('x'),
    dontFragment: flags.includes('D'),
    moreFragments: flags.includes('M'),
    fragmentOffset: field(ip, 'foff'),
    ttl: field(ip, 'ttl'),
    protocol,
    checksum: field(ip, 'csum'),
    source,
    destination,
    optionOctets: new Uint8Array(),
  }
  into.set(upper, encodeIpv4(header, into, 0))
  return into
}

function printed(octets: Uint8Array, detail: Detail): string {
  const packet = { linkType: LINK_TYPE.raw, octets, from: 0, to: octets.length, length: octets.length }
  return packetLine(packet, detail)
}

const TCP = /^TCP \[?([\d.]+):(\d+) > ([\d.]+):(\d+) ([A-Z]*) /
const UDP = /^UDP \[?([\d.]+):(\d+) > ([\d.]+):(\d+) /
const ECHO = /^ICMP \[([\d.]+) > ([\d.]+) Echo (request|reply) /
const EXPIRED = /^ICMP \[([\d.]+) > ([\d.]+) TTL=0 during transit /

describe('packets rebuilt from the recorded lines of nping', () => {
  it.each(LINES.filter((line) => TCP.test(line) && !line.includes('ipopts')))('print as %s', (line) => {
    const [, source = '', from, destination = '', to, letters = ''] = TCP.exec(line) ?? []
    const mss = /<mss (\d+)>/.exec(line)?.[1]
    const header = {
      sourcePort: Number(from),
      destinationPort: Number(to),
      seq: field(line, 'seq'),
      ack: field(line, 'ack'),
      reserved: 0,
      flags: flagsOf(letters),
      window: field(line, 'win'),
      urgent: field(line, 'urp'),
      options: mss === undefined ? [] : [{ kind: 'mss' as const, value: Number(mss) }],
    }
    const segment = new Uint8Array(mss === undefined ? 20 : 24)
    encodeTcp(header, segment, 0, field(line, 'csum'))
    expect(printed(rebuilt(line, source, destination, segment), detailOf(line))).toBe(line)
  })

  it.each(LINES.filter((line) => UDP.test(line)))('print as %s', (line) => {
    const [, source = '', from, destination = '', to] = UDP.exec(line) ?? []
    const length = field(line, 'len', 8)
    const datagram = new Uint8Array(length)
    const ports = { sourcePort: Number(from), destinationPort: Number(to), length }
    encodeUdp(ports, datagram, 0, field(line, 'csum'))
    expect(printed(rebuilt(line, source, destination, datagram), detailOf(line))).toBe(line)
  })

  it.each(LINES.filter((line) => ECHO.test(line)))('print as %s', (line) => {
    const [, source = '', destination = '', which] = ECHO.exec(line) ?? []
    const message = new Uint8Array(8)
    const kind = which === 'request' ? 'echo-request' : 'echo-reply'
    const code = field(line, 'code')
    encodeIcmp4({ kind, code, id: field(line, 'id'), seq: field(line, 'seq') }, message, 0, 0)
    expect(printed(rebuilt(line, source, destination, message), detailOf(line))).toBe(line)
  })

  it.each(LINES.filter((line) => EXPIRED.test(line)))('print as %s', (line) => {
    const [, source = '', destination = ''] = EXPIRED.exec(line) ?? []
    const message = new Uint8Array(8)
    encodeIcmp4({ kind: 'time-exceeded', code: 0, unused: 0, quotedWords: 0 }, message, 0, 0)
    expect(printed(rebuilt(line, source, destination, message), detailOf(line))).toBe(line)
  })
})

/** Two samples whose mean is the recorded average, which for one is the sample. */
function rttOf(line: string): RttSums | undefined {
  const [maxNs, minNs, avgNs] = Array.from(line.matchAll(/([\d.]+)ms/g), ([, ms]) => Number(ms) * 1e6)
  if (maxNs === undefined || minNs === undefined || avgNs === undefined) return undefined
  return { samples: 2, maxNs, minNs, sumNs: 2 * avgNs }
}

const UNITS: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6 }
const COUNTS = [
  ['packets', /^Raw packets sent: (\d+) .*Rcvd: (\d+) \(.*\) \| Lost: \S+ \(\S+\)$/],
  ['datagrams', /^UDP packets sent: (\d+) \| Rcvd: (\d+) /],
  ['connections', /^TCP connection attempts: (\d+) \| Successful connections: (\d+) /],
] as const
const HOST = /^Statistics for host (?:(\S+) \()?([\d.]+)\)?:$/

/** The figures that a recorded block must have been made of; undefined for runs without one. */
function figuresOf(block: readonly string[]): Figures | undefined {
  const all = block.join('\n')
  for (const [counts, pattern] of COUNTS) {
    const found = block.map((line) => pattern.exec(line)).find((match) => match !== null)
    if (!found) continue
    const [sentBytes = 0, receivedBytes = 0] = Array.from(
      found[0].matchAll(/\(([\d.]+)(B|KB|MB)\)/g),
      ([, size, unit = 'B']) => Math.round(Number(size) * (UNITS[unit] ?? 1)),
    )
    const done = /Nping done: (\d+) IP address\w* pinged in ([\d.]+) seconds/.exec(all)
    const [sent, received] = [Number(found[1]), Number(found[2])]
    const elapsedNs = Number(done?.[2]) * 1e9
    const base = { counts, sent, received, sentBytes, receivedBytes, txNs: 0, rxNs: 0, elapsedNs }
    return { ...base, hosts: hostsOf(block, rttOf(block.find((line) => line.startsWith('Max rtt')) ?? '')) }
  }
  return undefined
}

function hostsOf(block: readonly string[], rtt: RttSums | undefined): readonly HostFigures[] {
  const hosts = block.flatMap((line, i): readonly HostFigures[] => {
    const [isHost, name, address = ''] = HOST.exec(line) ?? []
    const [, sent, received] = /Sent: (\d+) \| Rcvd: (\d+)/.exec(block[i + 1] ?? '') ?? []
    if (isHost === undefined) return []
    return [{ name, address, sent: Number(sent), received: Number(received), rtt: rttOf(block[i + 2] ?? '') }]
  })
  return hosts.length > 0 ? hosts : [{ address: '10.77.0.2', sent: 0, received: 0, rtt }]
}

const BLOCKS = CASES.flatMap(({ id, title, stdout = [] }) => {
  const start = stdout.indexOf(' ')
  // Tx and Rx are made of times with more digits than are printed: words-statistics.test.ts has them.
  const block = start < 0 ? [] : stdout.slice(start).filter((line) => !/^[TR]x time/.test(line))
  const figures = figuresOf(block)
  return figures === undefined ? [] : [{ name: `${id} ${title}`, block, figures }]
})

describe('statistics rebuilt from the recorded blocks of nping', () => {
  it.each(BLOCKS)('print as those of $name', ({ block, figures }) => {
    expect(statistics(figures, 0)).toEqual({ to: 'out', text: `${block.join('\n')}\n` })
  })

  it('are of nearly all recorded runs', () => {
    expect(BLOCKS.length).toBeGreaterThan(100)
    expect(LINES.filter((line) => TCP.test(line)).length).toBeGreaterThan(100)
  })
})
