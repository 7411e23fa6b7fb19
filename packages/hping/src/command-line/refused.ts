import type { Refusals } from '@portkit/core'

const FLOOD = 'packets without a pause are an attack: --faster is as fast as --max-rate allows'
const STRANGERS = 'it knocks at the doors of hosts that nobody named'
const COVERT = 'hidden channels are not for finding out about ports: use nc-ts to carry data'
const FORGED = 'forged ICMP messages are not sent: echo and timestamp requests only'
const IP = 'packets of other protocols than TCP, UDP and ICMP are not sent'
const ID = "it is for scans in another host's name, which are not done from here"
const ROUTE =
  'source routes are dropped nearly everywhere, and serve to get around firewalls: -G records the route'

/** What hping3 has and we refuse on purpose. */
export const REFUSED = {
  flood: ['flag', FLOOD],
  'rand-source': ['flag', 'source addresses are not forged: answers would go to strangers'],
  'rand-dest': ['flag', STRANGERS],
  listen: ['value', COVERT, '9'],
  safe: ['flag', COVERT, 'B'],
  end: ['flag', COVERT, 'u'],
  'icmp-addr': ['flag', 'hosts have stopped answering requests for their address mask (RFC 6918)'],
  'force-icmp': ['flag', FORGED],
  'icmp-gw': ['value', FORGED],
  'icmp-ipver': ['value', FORGED],
  'icmp-iphlen': ['value', FORGED],
  'icmp-iplen': ['value', FORGED],
  'icmp-ipid': ['value', FORGED],
  'icmp-ipproto': ['value', FORGED],
  'icmp-ipsrc': ['value', FORGED],
  'icmp-ipdst': ['value', FORGED],
  'icmp-srcport': ['value', FORGED],
  'icmp-dstport': ['value', FORGED],
  'icmp-cksum': ['value', 'a wrong checksum is sent with -b'],
  'icmp-help': ['flag', FORGED],
  rawip: ['flag', IP, '0'],
  ipproto: ['value', IP, 'H'],
  tcpoff: ['value', 'malformed TCP headers are not sent', 'O'],
  rel: ['flag', ID, 'r'],
  winid: ['flag', ID, 'W'],
  lsrr: ['value', ROUTE],
  ssrr: ['value', ROUTE],
  'route-help': ['flag', ROUTE],
  'apd-send': ['value', 'there is no language for packets of any kind here'],
} as const satisfies Refusals
