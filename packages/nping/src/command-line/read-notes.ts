import type { Settings } from '../settings.ts'

/** What says which packets of a capture are looked for, or how they are reported. */
const MEANS_SOMETHING: ReadonlySet<string> = new Set([
  ...['tcp-connect', 'tcp', 'udp', 'icmp', 'arp', 'traceroute', 'flags'],
  ...['icmp-type', 'echo-request', 'timestamp', 'arp-type', 'arp-request'],
  ...['dest-port', 'dest-ip', 'max-targets', 'ipv4', 'ipv6', 'timeout'],
  ...['verbose', 'reduce-verbosity', 'quiet', 'debug-level', 'debug', 'hide-sent', 'rtt'],
  ...['json', 'exit-code', 'read'],
])

/** One sentence for each option that means nothing where nothing is sent. */
export function readNotes({ given }: Pick<Settings, 'given'>): readonly string[] {
  const idle = [...new Set(given)].filter((name) => !MEANS_SOMETHING.has(name))
  return idle.map((name) => `--${name} means nothing with --read`)
}
