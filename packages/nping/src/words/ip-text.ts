import type { Ipv4, Ipv6 } from '@portkit/core/wire'
import { ipOptionText } from './ip-option-text.ts'
import { type Carriage, type Detail, lowerHex } from './packet-text.ts'

/** nping's words for an IPv4 header. */
export function ipv4Text(ip: Ipv4, detail: Detail): Carriage {
  const { source, destination } = ip
  return { source, destination, fields: detail < 2 ? shortFields4(ip, detail) : longFields4(ip) }
}

function shortFields4(ip: Ipv4, detail: Detail): string {
  const middle = detail === 0 ? '' : ` proto=${ip.protocol} csum=0x${lowerHex(ip.checksum, 4)}`
  const isFragment = ip.moreFragments || ip.fragmentOffset > 0
  const fragment = isFragment ? fragmentText(ip.fragmentOffset, ip.moreFragments) : ''
  const options = ipOptionText(ip.optionOctets)
  return `ttl=${ip.ttl} id=${ip.id}${middle} iplen=${ip.totalLength}${fragment} ${options}`
}

function fragmentText(offset: number, more: boolean): string {
  return ` frag offset=${offset}${more ? '+' : ''}`
}

function longFields4(ip: Ipv4): string {
  const letters = `${ip.isReservedSet ? 'x' : ''}${ip.dontFragment ? 'D' : ''}${ip.moreFragments ? 'M' : ''}`
  const options = ipOptionText(ip.optionOctets)
  return [
    `ver=4 ihl=${ip.headerLength / 4} tos=0x${lowerHex(ip.tos, 2)} iplen=${ip.totalLength} id=${ip.id}`,
    ...(letters === '' ? [] : [`flg=${letters}`]),
    `foff=${ip.fragmentOffset}${ip.moreFragments ? '+' : ''} ttl=${ip.ttl} proto=${ip.protocol}`,
    `csum=0x${lowerHex(ip.checksum, 4)}`,
    ...(options === '' ? [] : [options]),
  ].join(' ')
}

/**
 * nping shows nothing of an IPv6 header: these are nmap's names for its fields in the same places.
 * @param isRebuilt the header is not the one that came: what only that one said is not known
 */
export function ipv6Text(ip: Ipv6, detail: Detail, isRebuilt = false): Carriage {
  const { source, destination } = ip
  const flow = `flow=${isRebuilt ? '?' : lowerHex(ip.flowLabel, 1)}`
  const hops = `hopl=${isRebuilt ? '?' : ip.hopLimit}`
  const length = `payloadlen=${ip.payloadLength}`
  const fragment = ip.extensions.find((extension) => extension.kind === 'fragment')
  const part = fragment === undefined ? '' : fragmentText(fragment.offset, fragment.moreFragments)
  const next = `nh=${ip.protocol}`
  if (detail === 0) return { source, destination, fields: `${hops} ${flow} ${length}${part} ` }
  if (detail === 1) {
    return { source, destination, fields: `${hops} ${flow} ${next} ${length}${part} ` }
  }
  const tclass = `tclass=${isRebuilt ? '?' : `0x${lowerHex(ip.trafficClass, 2)}`}`
  const fields = `ver=6 ${tclass} ${flow} ${length} ${next} ${hops}${part}`
  return { source, destination, fields }
}
