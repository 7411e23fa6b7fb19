import { escapeControl, fixed, type Line, milliseconds, out, type RttSums } from '@portkit/core'
import { bytesText, shareText } from './figures-text.ts'

/** What came of one target. */
export interface HostFigures {
  /** As it was given, when it was no address. */
  readonly name?: string | undefined
  readonly address: string
  readonly sent: number
  /** Probes of it that were answered. */
  readonly received: number
  /** undefined without a single round trip. */
  readonly rtt: RttSums | undefined
}

/** What the block at the end is made of. */
export interface Figures {
  /** What is counted: attempts to connect, datagrams of sockets, or raw packets. */
  readonly counts: 'connections' | 'datagrams' | 'packets'
  readonly hosts: readonly HostFigures[]
  readonly sent: number
  /** Answers; of connections the successful ones. */
  readonly received: number
  /** Octets from the IP header on. */
  readonly sentBytes: number
  readonly receivedBytes: number
  /** Nanoseconds from the start until the last probe was sent, and until the listening ended. */
  readonly txNs: number
  readonly rxNs: number
  /** Nanoseconds of the whole run. */
  readonly elapsedNs: number
}

/** The block at the end: nothing under verbosity -1, the rates from 1 on. */
export function statistics(figures: Figures, verbosity: number): Line {
  if (verbosity < -1) return out('')
  // The blank is nping's.
  const gap = verbosity >= 0 ? ' \n' : ''
  const rates = verbosity >= 1 ? ratesText(figures) : ''
  return out(gap + hostsText(figures.hosts) + countsText(figures) + rates + doneText(figures))
}

function hostsText(hosts: readonly HostFigures[]): string {
  const [only, ...more] = hosts
  if (more.length === 0) return `${rttText(only?.rtt)}\n`
  return hosts.map(hostText).join('')
}

function hostText({ name, address, sent, received, rtt }: HostFigures): string {
  const host = name === undefined || name === address ? address : `${name} (${address})`
  const lost = Math.max(0, sent - received)
  const share = `${lost}  (${fixed(sent === 0 ? 0 : (100 * lost) / sent, 2)}%)`
  return (
    `Statistics for host ${escapeControl(host)}:\n` +
    ` |  Probes Sent: ${sent} | Rcvd: ${received} | Lost: ${share}\n` +
    ` |_ ${rttText(rtt)}\n`
  )
}

function rttText(rtt: RttSums | undefined): string {
  if (rtt === undefined || rtt.samples === 0) return 'Max rtt: N/A | Min rtt: N/A | Avg rtt: N/A'
  const avg = milliseconds(rtt.sumNs / rtt.samples)
  return `Max rtt: ${milliseconds(rtt.maxNs)} | Min rtt: ${milliseconds(rtt.minNs)} | Avg rtt: ${avg}`
}

function countsText({ counts, sent, received, sentBytes, receivedBytes }: Figures): string {
  const lost = shareText(Math.max(0, sent - received), sent)
  switch (counts) {
    case 'connections':
      return `TCP connection attempts: ${sent} | Successful connections: ${received} | Failed: ${lost}\n`
    case 'datagrams':
      return `UDP packets sent: ${sent} | Rcvd: ${received} | Lost: ${lost}\n`
    case 'packets': {
      const tx = `${sent} (${bytesText(sentBytes)})`
      return `Raw packets sent: ${tx} | Rcvd: ${received} (${bytesText(receivedBytes)}) | Lost: ${lost}\n`
    }
  }
}

function ratesText({ txNs, rxNs, sent, received, sentBytes, receivedBytes }: Figures): string {
  return rateText('Tx', txNs, sentBytes, sent) + rateText('Rx', rxNs, receivedBytes, received)
}

function rateText(name: string, ns: number, bytes: number, packets: number): string {
  const [perSecond, packetsPerSecond] = [bytes / (ns / 1e9), packets / (ns / 1e9)]
  const rates = `${name} bytes/s: ${fixed(perSecond, 2)} | ${name} pkts/s: ${fixed(packetsPerSecond, 2)}`
  return `${name} time: ${fixed(ns / 1e9, 5)}s | ${rates}\n`
}

function doneText({ hosts, elapsedNs }: Figures): string {
  const addresses = hosts.length === 1 ? 'address' : 'addresses'
  return `Nping done: ${hosts.length} IP ${addresses} pinged in ${fixed(elapsedNs / 1e9, 2)} seconds\n`
}
