import { run } from '../command.mjs'

/** What the command line fixes, so that it is the same in every run. */
export interface Given {
  /** ARP is what is probed with. */
  readonly arp: boolean
  readonly isSourcePort: (port: number) => boolean
  readonly ipId: boolean
  readonly seq: boolean
  readonly ack: boolean
  readonly icmpId: boolean
  readonly icmpSeq: boolean
}

/** The probe's addresses, and the one that is forged in recorded runs. */
const OWN = /^(?:10\.77\.0\.1|10\.77\.0\.50|fd77::1)(?:\.\d+)? > /

/** Where nobody knows an address yet, this is as good as nothing. */
const BROADCAST = '(ff:ff:ff:ff:ff:ff) '

/** A header in brackets, which may hold IP options in brackets, and the rest. */
const IP_LINE = /^IP6? \(((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\) (.*)$/

const LOWEST_RANDOM_PORT = 1024

/** Of scans of all ports the beginning is enough to see what is sent; more would keep the machine busy. */
const MOST_PACKETS = 10_000

/**
 * The first packets of a capture file in the words of tcpdump(1), a line each, without times: the judge of both tools is
 * neither of them.
 * @param file as `NpingWorld.wire` gives it
 * @throws {Error} when tcpdump cannot read it
 */
export async function dissected(file: Uint8Array): Promise<readonly string[]> {
  const args = ['-r', '-', '-nn', '-v', '-S', '-t', '-c', String(MOST_PACKETS)]
  const { stdout, stderr, status } = await run('tcpdump', args, { stdin: file })
  if (status !== 0) throw new Error(`tcpdump: ${stderr}`)
  return stdout.replaceAll(/\n\s+/g, ' ').split('\n')
}

/**
 * What the probe sent, without what varies from run to run. Left out are the kernel's own answers (RSTs, ICMP errors)
 * and resent SYNs, and of connections all but the SYN.
 * @param lines as `dissected` gives them
 */
export function probesAmong(lines: readonly string[], given: Given): readonly string[] {
  const seen = new Set<string>()
  return lines.flatMap((line) => {
    if (line.startsWith('ARP, ')) return asked(line, given)
    const [, header = '', packet = ''] = IP_LINE.exec(line) ?? []
    if (!OWN.test(packet) || isKernels(header, packet)) return []
    // A SYN with such options is a connection's; the same one again was only resent.
    const syn = packet.includes('sackOK,TS') ? /Flags \[S\].* seq (\d+)/.exec(packet)?.[1] : undefined
    if (syn !== undefined && seen.has(syn)) return []
    seen.add(syn ?? '')
    return [maskedPacket(`(${header}) ${packet}`, given)]
  })
}

function asked(line: string, { arp }: Given): readonly string[] {
  return arp && line.includes('Request') ? [line.replace(BROADCAST, '')] : []
}

/** An answer of the system itself to what came in, the later segments of a connection, or a report about groups. */
function isKernels(header: string, packet: string): boolean {
  if (/Flags \[R\.?\].* win (?:0|\d\d)\b/.test(packet)) return true
  if (
    /unreachable|neighbor (?:solicitation|advertisement)|multicast listener|router solicitation/.test(packet)
  )
    return true
  const later = /options \[nop,nop,TS/.test(packet) && !packet.includes('Flags [S]')
  return later && /proto TCP|next-header TCP/.test(header)
}

function maskedPacket(line: string, given: Given): string {
  const mask = (text: string, pattern: RegExp, by: string, keep: boolean): string =>
    keep ? text : text.replace(pattern, by)
  let text = line
    .replace(/flowlabel 0x[0-9a-f]+, /, '')
    .replace(/cksum 0x[0-9a-f]{4} \((\w+)[^)]*\)/, 'cksum $1')
    .replace(/TS val \d+ ecr \d+/, 'TS')
    .replace(/(?<=^\(.*\) (?:10\.77\.0\.(?:1|50)|fd77::1)\.)\d+/, (port) =>
      Number(port) < LOWEST_RANDOM_PORT || given.isSourcePort(Number(port)) ? port : 'PORT',
    )
  text = mask(text, /(?<=ttl \d+, )id \d+/, 'id ID', given.ipId)
  text = mask(text, /\bseq \d+:\d+/, 'seq SEQ:END', given.seq)
  text = mask(text, /(?<=Flags .*)\bseq \d+/, 'seq SEQ', given.seq)
  text = mask(text, /(?<=Flags .*)\back \d+/, 'ack ACK', given.ack)
  text = mask(text, /(?<=ICMP .*)\bid \d+/, 'id ID', given.icmpId)
  return mask(text, /(?<=ICMP .*)\bseq \d+/, 'seq SEQ', given.icmpSeq)
}
