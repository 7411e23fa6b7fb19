import { run } from '@portkit/lab/command'
import { optionOf } from './recorded-cases.ts'

/** The probe's addresses, and the one that is forged in a recorded run. */
const OWN = /^(?:10\.77\.0\.1|10\.77\.0\.50|fd77::1)(?:\.\d+)? > /

/** Where nobody knows an address yet, this is as good as nothing. */
const BROADCAST = '(ff:ff:ff:ff:ff:ff) '

const LOWEST_RANDOM_PORT = 1024

/**
 * What the probe sent, a line a packet in the words of tcpdump(1), without what varies from run to run: the judge of
 * both tools is neither of them. Left out are the kernel's own answers (RSTs, ICMP errors) and resent SYNs, and of
 * connections all but the SYN.
 * @param file as `NpingWorld.wire` gives it
 * @throws {Error} when tcpdump cannot read it
 */
export async function sentPackets(file: Uint8Array, argv: readonly string[]): Promise<readonly string[]> {
  const args = ['-r', '-', '-nn', '-v', '-S', '-t']
  const { stdout, stderr, status } = await run('tcpdump', args, { stdin: file })
  if (status !== 0) throw new Error(`tcpdump: ${stderr}`)
  return probesAmong(stdout.replaceAll(/\n\s+/g, ' ').split('\n'), argv)
}

/** The same of lines that tcpdump has already written, without times. */
export function probesAmong(lines: readonly string[], argv: readonly string[]): readonly string[] {
  const arp = argv.includes('--arp')
  const seen = new Set<string>()
  return lines.flatMap((line) => {
    if (line.startsWith('ARP, ')) return arp && /Request/.test(line) ? [line.replace(BROADCAST, '')] : []
    const [, header = '', packet = ''] = /^IP6? \(((?:[^()]|\([^()]*\))*)\) (.*)$/.exec(line) ?? []
    if (!OWN.test(packet) || isKernels(header, packet)) return []
    // A SYN with options is a connection's; the same one again was only resent.
    const syn = /Flags \[S\].* seq (\d+)/.exec(packet)?.[1]
    const connection = /sackOK,TS/.test(packet)
    if (connection && syn !== undefined) {
      if (seen.has(syn)) return []
      seen.add(syn)
    }
    return [maskedPacket(`(${header}) ${packet}`, argv)]
  })
}

/** An answer of the system itself to what came in, the later segments of a connection, or a report about groups. */
function isKernels(header: string, packet: string): boolean {
  if (/Flags \[R\.?\].* win (?:0|\d\d)\b/.test(packet)) return true
  if (
    /unreachable|neighbor (?:solicitation|advertisement)|multicast listener|router solicitation/.test(packet)
  )
    return true
  return /proto TCP|next-header TCP/.test(header) && /options \[nop,nop,TS/.test(packet)
}

function maskedPacket(line: string, argv: readonly string[]): string {
  const given = (...names: string[]): boolean => optionOf(argv, ...names) !== undefined
  const source = Number(optionOf(argv, '-g', '--source-port'))
  const mask = (text: string, pattern: RegExp, by: string, keep: boolean): string =>
    keep ? text : text.replace(pattern, by)
  let text = line
    .replace(/flowlabel 0x[0-9a-f]+, /, '')
    .replace(/cksum 0x[0-9a-f]{4} \((\w+)[^)]*\)/, 'cksum $1')
    .replace(/TS val \d+ ecr \d+/, 'TS')
    .replace(/(?<=^\(.*\) (?:10\.77\.0\.(?:1|50)|fd77::1)\.)\d+/, (port) =>
      Number(port) < LOWEST_RANDOM_PORT || Number(port) === source ? port : 'PORT',
    )
  text = mask(text, /(?<=ttl \d+, )id \d+/, 'id ID', given('--id'))
  text = mask(text, /\bseq \d+:\d+/, 'seq SEQ:END', given('--seq'))
  text = mask(text, /(?<=Flags .*)\bseq \d+/, 'seq SEQ', given('--seq'))
  text = mask(text, /(?<=Flags .*)\back \d+/, 'ack ACK', given('--ack'))
  return mask(text, /(?<=ICMP .*)\bid \d+/, 'id ID', given('--icmp-id'))
}
