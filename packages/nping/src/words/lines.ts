import { err, escapeControl, type Line, milliseconds, out } from '@portkit/core'
import { lineSeconds } from './figures-text.ts'

/** Of a line about one probe: its time since the start of the run, and its round trip when that is to be shown. */
export interface When {
  readonly atNs: number
  readonly rttNs?: number | undefined
}

/** Whom a probe is for. `name`: as it was given, when it was no address. */
export interface Peer {
  readonly name?: string | undefined
  readonly address: string
  /** undefined for probes of the host itself. */
  readonly port: number | undefined
}

/** The first line. `startedAt` in the form `2026-11-20 15:04 UTC`; shown from verbosity -1 on. */
export function startLine(version: string, startedAt: string): Line {
  return out(`\nStarting nping-ts ${escapeControl(version)} at ${escapeControl(startedAt)}\n`)
}

/** The round trip at the end of a line, with one blank before it, which some lines have at their end anyway. */
export function ending(rttNs: number | undefined, line: string): string {
  if (rttNs === undefined) return ''
  return `${line.endsWith(' ') ? '' : ' '}rtt=${milliseconds(rttNs)}`
}

/** Connect mode: the handshake begins. */
export function handshakeStarts(peer: Peer, { atNs }: When): Line {
  return out(`SENT (${lineSeconds(atNs)}) Starting TCP Handshake > ${named(peer)}\n`)
}

/** Connect mode: the port is open. */
export function handshakeDone(peer: Peer, when: When): Line {
  return received(`Handshake with ${named(peer)} completed`, when)
}

/** Connect mode: it failed; `why` in the words of strerror(3). nping never gives the name here. */
export function handshakeFailed(peer: Peer, why: string, when: When): Line {
  return received(`Possible TCP RST received from ${ends(peer)} --> ${escapeControl(why)}`, when)
}

/** UDP without privileges: a datagram left. */
export function datagramSent(peer: Peer, bytes: number, { atNs }: When): Line {
  return out(`SENT (${lineSeconds(atNs)}) UDP packet with ${bytes} bytes to ${ends(peer)}\n`)
}

/** UDP without privileges: a datagram came back. */
export function datagramReceived(peer: Peer, bytes: number, when: When): Line {
  return received(`UDP packet with ${bytes} bytes from ${ends(peer)}`, when)
}

/** UDP without privileges: reading gave an error, such as a port unreachable; `why` in the words of strerror(3). */
export function readFailed(peer: Peer, why: string, { atNs }: When): Line {
  return err(`ERR: (${lineSeconds(atNs)}) READ to ${ends(peer)} failed: ${escapeControl(why)}\n`)
}

/** This machine could not send a probe; `why` in the words of strerror(3) or of the fault. */
export function sendFailed(peer: Peer, why: string, { atNs }: When): Line {
  return err(`ERR: (${lineSeconds(atNs)}) SEND to ${ends(peer)} failed: ${escapeControl(why)}\n`)
}

function received(text: string, { atNs, rttNs }: When): Line {
  return out(`RCVD (${lineSeconds(atNs)}) ${text}${ending(rttNs, text)}\n`)
}

/** nping writes IPv6 addresses without brackets, too. */
function ends({ address, port }: Peer): string {
  return escapeControl(address) + portText(port)
}

function named(peer: Peer): string {
  const { name, address, port } = peer
  if (name === undefined || name === address) return ends(peer)
  return `${escapeControl(name)}${portText(port)} (${ends(peer)})`
}

function portText(port: number | undefined): string {
  return port === undefined ? '' : `:${port}`
}
