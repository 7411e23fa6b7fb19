import { type AddressRange, type NamedRange, ResolveError, rangeAround, UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Permutation } from '../spread/permutation.ts'
import type { AddressSet } from './address-set.ts'
import { plainIpv4 } from './address-values.ts'
import { readExcluded } from './excluded-addresses.ts'
import type { HostList } from './host-list.ts'
import {
  createHostList,
  type Segment,
  segmentOfIpv4s,
  segmentOfName,
  segmentOfRange,
} from './host-segments.ts'
import { lookUpNames, type NameAnswer, type NamesIo } from './target-names.ts'
import { illegalMask, readTarget } from './target-word.ts'
import { readWords, type WordsIo } from './target-words.ts'

/** What the command line says about targets. */
export type TargetSettings = Pick<
  Settings,
  'targets' | 'inputFile' | 'excluded' | 'excludeFile' | 'randomizeHosts' | 'family' | 'allAddresses'
>

export interface TargetList {
  readonly list: HostList
  /** Whole sentences. */
  readonly warnings: readonly string[]
  /** Names without an address. */
  readonly unresolved: number
}

/** Names and networks in all; plain IPv4 addresses are not counted, they take four octets each. */
const MOST_RANGES = 2 ** 18
/** So many places of a list are looked at, at most, to see whether all are excluded. */
const LOOKED_AT = 2 ** 16

/**
 * All targets: those of the command line, then those of the input file, in their order; a host that is named twice is
 * there twice. `shuffle` puts them in another order where --randomize-hosts was given. Warnings are whole sentences.
 * @throws UsageError, LocalFault for files and exclusions that make no sense; a target that does not is a warning, as in
 * nmap
 */
export async function readHostList(
  settings: TargetSettings,
  io: WordsIo & NamesIo,
  shuffle?: (size: number) => Permutation,
): Promise<TargetList> {
  const warnings: string[] = []
  const entries = createEntries(warnings)
  for (const word of settings.targets) entries.add(word)
  if (settings.inputFile !== undefined) {
    for (const word of await readWords(settings.inputFile, 'input', io)) entries.add(word)
  }
  const excluded = await readExcluded(settings, io)
  const all = entries.done()
  const names = all.flatMap((entry) => (entry.kind === 'name' ? [entry.host] : []))
  const answers = await lookUpNames(names, io, settings.family)
  const segments = all.flatMap((entry) => segmentsOf(entry, answers, settings, warnings))
  if (!isAnyLeft(segments, excluded)) {
    warnings.push('WARNING: No targets were specified, so 0 hosts scanned.')
  }
  const list = createHostList(segments, excluded, settings.randomizeHosts ? shuffle : undefined)
  const unresolved = new Set(names.filter((name) => answers.get(name) instanceof ResolveError)).size
  return { list, warnings: [...new Set(warnings)], unresolved }
}

type Entry = { readonly kind: 'ipv4s'; readonly values: number[] } | AddressRange | NamedRange

function createEntries(warnings: string[]) {
  const entries: Entry[] = []
  return {
    add(word: string): void {
      const value = plainIpv4(word)
      const last = entries.at(-1)
      if (value !== undefined) {
        if (last?.kind === 'ipv4s') last.values.push(value)
        else entries.push({ kind: 'ipv4s', values: [value] })
        return
      }
      const { target, warning } = readTarget(word)
      if (warning !== undefined) warnings.push(warning)
      if (target !== undefined) entries.push(target)
      if (entries.length + warnings.length <= MOST_RANGES) return
      throw new UsageError(`more than ${MOST_RANGES} names and networks as targets`)
    },
    done: (): readonly Entry[] => entries,
  }
}

function segmentsOf(
  entry: Entry,
  answers: ReadonlyMap<string, NameAnswer>,
  { allAddresses }: TargetSettings,
  warnings: string[],
): readonly Segment[] {
  switch (entry.kind) {
    case 'ipv4s':
      return [segmentOfIpv4s(Uint32Array.from(entry.values))]
    case 'addresses':
      return [segmentOfRange(entry)]
    case 'name': {
      const answer = answers.get(entry.host)
      if (answer === undefined) return []
      if (!(answer instanceof ResolveError)) return named(entry, answer, allAddresses, warnings)
      warnings.push(`Failed to resolve "${entry.host}".`)
      return []
    }
  }
}

/** IPv4 first. */
function inOrder([first, ...rest]: Exclude<NameAnswer, ResolveError>): Exclude<NameAnswer, ResolveError> {
  const [head = first, ...tail] = [first, ...rest].sort((a, b) => a.family - b.family)
  return [head, ...tail]
}

function named(
  entry: NamedRange,
  addresses: Exclude<NameAnswer, ResolveError>,
  allAddresses: boolean,
  warnings: string[],
): readonly Segment[] {
  // nmap asks for IPv4 unless told otherwise, and takes the first one; a name may have no other.
  const [first, ...others] = inOrder(addresses)
  const meant = allAddresses ? addresses : [first]
  const notScanned = allAddresses ? [] : others.map(({ address }) => address)
  return meant.flatMap((address) => {
    const isIllegal = address.family === 4 && (entry.prefix ?? 0) > 32
    if (isIllegal) warnings.push(illegalMask(entry.text, 32))
    try {
      const range = rangeAround(address, isIllegal ? { ...entry, prefix: undefined } : entry)
      return [segmentOfName(range, { ...address, name: entry.host, otherAddresses: notScanned })]
    } catch (error) {
      // Around an IPv6 address the network may be larger than anything that can be scanned.
      if (!(error instanceof UsageError)) throw error
      warnings.push(`Failed to resolve "${entry.text}".  ${error.message}`)
      return []
    }
  })
}

/** Whether there is anything to scan, as far as a look at the ends and at the first places of each part tells. */
function isAnyLeft(segments: readonly Segment[], excluded: AddressSet | undefined): boolean {
  if (excluded === undefined) return segments.length > 0
  let looks = LOOKED_AT
  return segments.some(({ size, at, isAscending }) => {
    if (isAscending && excluded.coversAll(at(0), at(size - 1))) return false
    for (let place = 0; place < size; place += 1) {
      looks -= 1
      if (looks < 0 || !excluded.has(at(place))) return true
    }
    return false
  })
}
