import type { Refusals } from '@portkit/core'

const ECHO = "nping's echo mode, with its client and its server, is left to a later release"
const FORGED = 'forged ICMP messages are not sent: echo and timestamp requests only'
const ARP = 'forged ARP packets are not sent: --arp asks who has an address, from our own'
const MAC = 'Ethernet headers are left to the system, which knows the right addresses'
const IP = 'malformed IP headers are not sent'
const FILTER =
  'which answers belong to a probe is decided by their addresses, ports and numbers, not by a filter'

/** What nping has and we refuse on purpose. */
export const REFUSED = {
  'echo-client': ['value', ECHO],
  ec: ['value', ECHO],
  'echo-server': ['value', ECHO],
  es: ['value', ECHO],
  'echo-port': ['value', ECHO],
  ep: ['value', ECHO],
  'no-crypto': ['flag', ECHO],
  nc: ['flag', ECHO],
  once: ['flag', ECHO],
  'safe-payloads': ['flag', ECHO],
  'include-payloads': ['flag', ECHO],
  'arp-reply': ['flag', ARP],
  'arp-sender-mac': ['value', ARP],
  'arp-sender-ip': ['value', ARP],
  'arp-target-mac': ['value', ARP],
  'arp-target-ip': ['value', ARP],
  'rarp-request': ['flag', ARP],
  'rarp-reply': ['flag', ARP],
  'rarp-type': ['value', ARP],
  'rarp-code': ['value', ARP],
  'rarp-operation': ['value', ARP],
  'rarp-op': ['value', ARP],
  'rarp-sender-mac': ['value', ARP],
  'rarp-sender-ip': ['value', ARP],
  'rarp-target-mac': ['value', ARP],
  'rarp-target-ip': ['value', ARP],
  netmask: ['flag', FORGED],
  'netmask-request': ['flag', FORGED],
  information: ['flag', FORGED],
  'information-request': ['flag', FORGED],
  'destination-unreachable': ['flag', FORGED],
  'dest-unr': ['flag', FORGED],
  'icmp-redirect-addr': ['value', FORGED],
  'icmp-param-pointer': ['value', FORGED],
  'icmp-advert-lifetime': ['value', FORGED],
  'icmp-advert-entry': ['value', FORGED],
  'icmp-orig-time': ['value', FORGED],
  'icmp-recv-time': ['value', FORGED],
  'icmp-trans-time': ['value', FORGED],
  'badsum-ip': ['flag', 'the system writes the checksum of IP headers, always the right one'],
  mf: ['flag', IP],
  evil: ['flag', IP],
  'ip-options': ['value', 'IP options are not sent: routers drop such packets nearly everywhere'],
  flow: ['value', 'the flow label of IPv6 is left to the system'],
  'dest-mac': ['value', MAC],
  'source-mac': ['value', MAC],
  'spoof-mac': ['value', MAC],
  'ether-type': ['value', MAC],
  ethertype: ['value', MAC],
  ethtype: ['value', MAC],
  'send-eth': ['flag', MAC],
  'bpf-filter': ['value', FILTER],
  filter: ['value', FILTER],
  'nsock-engine': ['value', 'there is no such engine here: see --backend for the ways to send and receive'],
} as const satisfies Refusals
