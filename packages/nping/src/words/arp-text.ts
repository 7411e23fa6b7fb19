import type { Arp } from '@portkit/core/wire'

/** RFC 826, RFC 903, RFC 2390; hardware addresses in capitals as nping writes them. */
export function arpText({ operation, sender, target }: Arp): string {
  const from = sender.hardware.toUpperCase()
  const to = target.hardware.toUpperCase()
  switch (operation) {
    case 1:
      return `ARP who has ${target.protocol}? Tell ${sender.protocol}`
    case 2:
      return `ARP reply ${sender.protocol} is at ${from}`
    case 3:
      return `RARP who is ${to}? Tell ${from}`
    case 4:
      return `RARP reply: ${to} is at ${target.protocol}`
    case 8:
      return `InARP who is at ${to}? Tell ${sender.protocol}`
    case 9:
      return `InARP reply ${from} is ${sender.protocol}`
    default:
      return `ARP operation ${operation} from ${sender.protocol} (${from})`
  }
}
