import { escapeControl, type Family, type Line, out } from '@portkit/core'
import type { Mode } from '../settings.ts'
import { tcpLetters } from './tcp-letters.ts'

/** What packets leave by. */
export interface Outlet {
  /** undefined where the backend cannot tell. */
  readonly interfaceName: string | undefined
  /** The source address. */
  readonly address: string
  /** Octets; undefined where it is not known. */
  readonly mtu: number | undefined
}

/** What the first line tells. */
export interface Banner {
  /** As the user typed it. */
  readonly host: string
  readonly address: string
  readonly family: Family
  readonly interfaceName: string | undefined
  readonly mode: Mode
  /** A mask of `TCP_FLAG`s; of TCP only. */
  readonly flags: number
  /** Octets of payload. */
  readonly dataLength: number
}

/** Octets that hping3 counts as headers: of IPv4 and of the protocol, without options of either. */
const HEADERS = { tcp: 40, udp: 28, icmp: 28 } as const satisfies Record<Mode, number>
const MORE_OF_IPV6 = 20

/** `using hraw-a, addr: 10.77.0.1, MTU: 1500`; what is not known is left out. */
export function usingLine({ interfaceName, address, mtu }: Outlet): Line {
  const name = interfaceName === undefined ? '' : `${escapeControl(interfaceName)}, `
  return out(`using ${name}addr: ${escapeControl(address)}${mtu === undefined ? '' : `, MTU: ${mtu}`}\n`)
}

/** `HPING target.lab (hraw-a 10.77.0.2): S set, 40 headers + 0 data bytes` */
export function bannerLine(banner: Banner): Line {
  const { host, address, family, interfaceName, mode, dataLength } = banner
  const to = interfaceName === undefined ? address : `${interfaceName} ${address}`
  const headers = HEADERS[mode] + (family === 6 ? MORE_OF_IPV6 : 0)
  const sizes = `${headers} headers + ${dataLength} data bytes`
  return out(`HPING ${escapeControl(host)} (${escapeControl(to)}): ${whatIsSet(banner)} set, ${sizes}\n`)
}

function whatIsSet({ mode, flags }: Banner): string {
  if (mode !== 'tcp') return `${mode} mode`
  const letters = tcpLetters(flags)
  return letters === '' ? 'NO FLAGS are' : letters
}

/** A packet is longer than the interface takes; `size` in octets behind the IP header. */
export function autoFragmentLine(size: number): Line {
  return out(`auto-activate fragmentation, fragments size: ${size}\n`)
}
