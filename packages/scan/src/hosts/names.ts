import type { Io } from '@portkit/core'
import type { ScanEvent } from '../model/event.ts'
import { counted } from '../report/numbers.ts'
import { type Aborts, createAborts } from './aborts.ts'
import { inPhase } from './phases.ts'

export interface NamesOptions {
  readonly io: Pick<Io, 'dns' | 'clock'>
  readonly signal: AbortSignal
  /** Look-ups at once; 128 when not given. */
  readonly most?: number | undefined
  emit(event: ScanEvent): void
}

const MOST = 128
const LONGEST_MS = 2000

/**
 * The names of addresses, by the system's resolver, many at once; those without a name are left out. None is waited for
 * longer than two seconds, and when for so long nobody has answered anything, nobody is there to ask. Never rejects.
 */
export function reverseNames(
  addresses: readonly string[],
  options: NamesOptions,
): Promise<ReadonlyMap<string, string>> {
  const unique = [...new Set(addresses)]
  if (unique.length === 0) return Promise.resolve(new Map())
  const title = `Parallel DNS resolution of ${counted(unique.length, 'host')}.`
  const stage = { clock: options.io.clock, emit: options.emit }
  return inPhase({ title, subject: undefined, total: '' }, stage, () => lookUp(unique, options))
}

async function lookUp(
  addresses: readonly string[],
  { io, signal, most = MOST }: NamesOptions,
): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>()
  const aborts = createAborts(signal)
  const queue = addresses.values()
  let answeredNs = io.clock.nowNs()
  const isSilent = (): boolean => io.clock.nowNs() - answeredNs >= LONGEST_MS * 1e6
  const work = async (): Promise<void> => {
    for (const address of queue) {
      if (signal.aborted || isSilent()) return
      const answer = await nameOf(address, io, aborts)
      if (answer.kind !== 'silence') answeredNs = io.clock.nowNs()
      if (answer.kind === 'name') names.set(address, answer.name)
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, addresses.length) }, work))
  aborts.close()
  return new Map(addresses.flatMap((address) => entryOf(names, address)))
}

/** Names come in any order; they are given in that of the addresses. */
function entryOf(names: ReadonlyMap<string, string>, address: string): readonly [string, string][] {
  const name = names.get(address)
  return name === undefined ? [] : [[address, name]]
}

type NameAnswer =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'silence' }

async function nameOf(
  address: string,
  { dns, clock }: NamesOptions['io'],
  aborts: Aborts,
): Promise<NameAnswer> {
  const wait = aborts.begin()
  const quiet = (): NameAnswer => ({ kind: 'silence' })
  const silence = clock.sleep(LONGEST_MS, wait.signal).then(quiet, quiet)
  const asked = dns.reverse(address, wait.signal).then(
    (name): NameAnswer => (name === undefined ? { kind: 'none' } : { kind: 'name', name }),
    (): NameAnswer => ({ kind: 'none' }),
  )
  const answer = await Promise.race([asked, silence])
  aborts.end(wait)
  return answer
}
