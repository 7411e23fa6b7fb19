import type { NmapCase } from './nmap-cases.ts'
import { DIFFERENCES, type Difference } from './nmap-differences.ts'

/** Whose words in which case. */
export interface Speaker {
  readonly one: NmapCase
  readonly side: 'nmap' | 'ours'
}

type Mask = Pick<Difference, 'pattern' | 'instead'>

/** Attributes of the XML that tell times. */
const TIMES =
  /\b(start|startstr|starttime|endtime|time|timestr|elapsed|srtt|rttvar|to|percent|remaining|etc)="[^"]*"/g

/** What differs by chance: times, and how many packets it took. */
const CHANCE: Readonly<Record<Difference['where'], readonly Mask[]>> = {
  report: [
    { pattern: /^# Nmap done at .{24} -- /gm, instead: '# Nmap done -- ' },
    { pattern: /\([\d.]+s latency\)/g, instead: '(LATENCY)' },
    { pattern: / scanned in [\d.]+ seconds/g, instead: ' scanned in T seconds' },
    { pattern: /^(Initiating .*|Completed .*) at \d\d:\d\d/gm, instead: '$1 at HH:MM' },
    { pattern: /, [\d.]+s elapsed/g, instead: ', Ts elapsed' },
    {
      pattern: /^( *Raw packets) sent: \d+ \([\d.]+K?M?B\) \| Rcvd: \d+ \([\d.]+K?M?B\)$/gm,
      instead: '$1',
    },
    { pattern: /^Scanned at .{19} \w+ for \d+s$/gm, instead: 'Scanned' },
  ],
  xml: [
    { pattern: TIMES, instead: '$1=""' },
    {
      pattern: / summary="Nmap done at .{24}; (.*) scanned in [\d.]+ seconds"/g,
      instead: ' summary="$1"',
    },
  ],
  stderr: [],
}

/** @returns lines without what is not to be compared; ports are discovered in any order */
export function maskedReport(text: string, speaker: Speaker): readonly string[] {
  return sorted(masked(text, 'report', speaker).split('\n'), /^Discovered open port /)
}

/** Hosts are found in any order. */
export function maskedXml(xml: string, speaker: Speaker): readonly string[] {
  const hints = /(?:<hosthint>.*?<\/hosthint>\n)+/gs
  const inOrder = (all: string): string =>
    all
      .split(/(?<=<\/hosthint>\n)/)
      .sort()
      .join('')
  return masked(xml, 'xml', speaker).replace(hints, inOrder).split('\n')
}

export function maskedComplaints(text: string, speaker: Speaker): readonly string[] {
  return masked(text, 'stderr', speaker).split('\n')
}

/** nmap has said hello before it finds out that a port list is wrong. */
export function withoutHello(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line !== 'Starting SCANNER')
}

/** Those that nmap has said by now: what is not among them in the end is none any more. */
export const seenDifferences = new Set<Difference>()

function masked(text: string, where: Difference['where'], { one, side }: Speaker): string {
  const isMeant = (each: Difference): boolean =>
    each.where === where && (each.side === 'both' || each.side === side) && each.isIn?.(one) !== false
  const isSeen = (each: Difference): boolean =>
    side === 'nmap' && isMeant(each) && text.search(each.pattern) >= 0
  for (const each of DIFFERENCES) if (isSeen(each)) seenDifferences.add(each)
  const masks = [...DIFFERENCES.filter(isMeant), ...CHANCE[where]]
  return masks.reduce((rest, { pattern, instead }) => rest.replace(pattern, instead), text)
}

/** With these lines among one another in order. */
function sorted(lines: readonly string[], which: RegExp): readonly string[] {
  const inOrder = lines.filter((line) => which.test(line)).sort()
  let next = 0
  return lines.map((line) => (which.test(line) ? (inOrder[next++] ?? line) : line))
}
