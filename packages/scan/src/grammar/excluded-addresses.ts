import { type NamedRange, ResolveError, rangeAround, type TargetRange, UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { type AddressSet, createAddressSet } from './address-set.ts'
import { ipv6Network, plainIpv4 } from './address-values.ts'
import { lookUpNames, type NameAnswer, type NamesIo } from './target-names.ts'
import { illegalMask, readTarget } from './target-word.ts'
import { readWords, type WordsIo } from './target-words.ts'

/**
 * The addresses of --exclude and --excludefile; undefined without any. Of a name all addresses.
 * @throws UsageError in nmap's words for what makes no sense or has no address: scanning a host that was to be spared
 * would be worse; LocalFault as `readWords` does
 */
export async function readExcluded(
  { excluded, excludeFile }: Pick<Settings, 'excluded' | 'excludeFile'>,
  io: WordsIo & NamesIo,
): Promise<AddressSet | undefined> {
  if (excluded.length === 0 && excludeFile === undefined) return undefined
  const set = createAddressSet()
  const names: NamedRange[] = []
  const addOther = (word: string): void => {
    const network = largeNetwork(word)
    const target = network ?? wholeTarget(word)
    if (!('kind' in target)) set.addIpv6(...target)
    else if (target.kind === 'name') names.push(target)
    else set.add(target)
  }
  const read = (word: string): void => {
    const value = plainIpv4(word)
    if (value !== undefined) set.addIpv4(value)
    else addOther(word)
  }
  for (const word of joined(excluded)) read(word)
  if (excludeFile !== undefined) for (const word of await readWords(excludeFile, 'exclude', io)) read(word)
  const hosts = names.map(({ host }) => host)
  const answers = await lookUpNames(hosts, io, undefined)
  for (const name of names) {
    for (const address of addressesOf(name, answers.get(name.host))) set.add(rangeAround(address, name))
  }
  return set.done()
}

/** Lists were split at commas, but octets have lists as well: what is no address yet goes on with the next part. */
function joined(parts: readonly string[]): readonly string[] {
  const words: string[] = []
  for (const part of parts.flatMap((one) => one.split(','))) {
    const last = words.at(-1)
    if (last !== undefined && goesOn(last, part)) words[words.length - 1] = `${last},${part}`
    else words.push(part)
  }
  return words
}

function goesOn(last: string, part: string): boolean {
  const dots = (text: string) => text.split('.').length - 1
  return /^[\d.*,-]+$/.test(last) && /^[\d.*-]+$/.test(part) && (dots(last) < 3 || dots(part) === 0)
}

/** Too large to be scanned, but not to be spared. */
function largeNetwork(word: string): readonly [bigint, bigint] | undefined {
  const network = ipv6Network(word)
  return network !== undefined && network[1] - network[0] > 2n ** 32n ? network : undefined
}

function wholeTarget(word: string): TargetRange {
  const { target, warning } = readTarget(word)
  if (target !== undefined && warning === undefined) return target
  throw new UsageError(
    target === undefined
      ? (warning ?? word)
      : `Illegal netmask in "${word}". Must be smaller than address bit length.`,
  )
}

function addressesOf({ host, prefix, text }: NamedRange, answer: NameAnswer | undefined) {
  if (answer === undefined) return []
  if (answer instanceof ResolveError) {
    throw new UsageError(`Error resolving name "${host}": ${answer.message}`)
  }
  if (prefix !== undefined && prefix > 32 && answer.some(({ family }) => family === 4)) {
    throw new UsageError(
      illegalMask(text, 32).replace(/Assuming.*/, 'Must be smaller than address bit length.'),
    )
  }
  return answer
}
