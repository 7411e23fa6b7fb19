import {
  type Address,
  awaitAnswer,
  type ConnectAnswer,
  type ConnectFact,
  type Connection,
  LocalFault,
  type Net,
  type Observation,
  type Silence,
  type Target,
} from '@portkit/core'
import type { Run } from '../run.ts'

/** Their words are loaded when there is something to say. */
const failures = () => import('../words/failures.ts')

/** nc waits for a stealth port as long as the system does: after this time somebody at a terminal hears why. */
const HINT_AFTER_MS = 10_000

/** Where to connect, and how. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly addresses: readonly Address[]
  /** The address to call from, for a destination of that family. */
  sourceOf(to: Address): Promise<string | undefined>
  /** Milliseconds for each address; undefined for as long as the system tries. */
  readonly limitMs: number | undefined
  /** Hand the open connection over. */
  readonly keep: boolean
  /** What a quick look at the only address has shown already. */
  readonly known?: ConnectFact | undefined
}

/** What came of a place: of its first address that opened, else of its last. */
export interface Dialled {
  readonly target: Target
  readonly startedAtMs: number
  /** undefined when this machine could not even try. */
  readonly observation: Observation | undefined
  /** Why it could not. */
  readonly fault: LocalFault | undefined
  /** Only when the port is open and the connection is wanted. */
  readonly connection: Connection | undefined
}

/**
 * Tries the addresses of one port, one after the other, until one opens; tells of each failure under `-v`.
 * @throws NcFault for a setting or source that fails: it would for every address and port
 */
export async function dial(run: Run, net: Net, place: Place): Promise<Dialled> {
  let last: Dialled | undefined
  const hint = createHint(run, place.port)
  for (const address of place.addresses) {
    last = await dialAddress(run, net, { ...place, hint }, address)
    if (isOpen(last.observation)) return last
  }
  if (last === undefined) throw new Error('a place has at least one address')
  return last
}

/** For nc a connection that is reset in the same moment was never made. */
export function isOpen(observation: Observation | undefined): boolean {
  return observation?.kind === 'handshake' && !observation.reset
}

type Hint = (answer: Promise<unknown>) => Promise<void>
type HintedPlace = Place & { readonly hint: Hint | undefined }

async function dialAddress(run: Run, net: Net, place: HintedPlace, address: Address): Promise<Dialled> {
  const { settings, io } = run
  const target: Target = { ...address, host: place.host, port: place.port, transport: 'tcp' }
  const startedAtMs = io.clock.wallMs()
  const ended = (observation: Observation | undefined, fault?: LocalFault): Dialled => ({
    target,
    startedAtMs,
    observation,
    fault,
    connection: undefined,
  })
  try {
    const answer = await answerOf(run, net, place, address)
    const observation = 'kind' in answer ? answer : answer.fact
    if (isOpen(observation)) return { ...ended(observation), connection: connectionOf(answer) }
    if (settings.verbose) await (await failures()).sayFailure(run, target, observation, place.limitMs)
    return ended(observation)
  } catch (fault) {
    if (!(fault instanceof LocalFault)) throw fault
    // Unless a setting is at fault it is this address that cannot be reached from here: the next one may be.
    if (!isOfAddress(fault)) throw (await failures()).settingFault(fault, address.family)
    if (settings.verbose) await (await failures()).sayFailure(run, target, fault, place.limitMs)
    return ended(undefined, fault)
  }
}

/** Whether another address could do better. */
export function isOfAddress({ about }: LocalFault): boolean {
  return about === undefined || about === 'connect'
}

function connectionOf(answer: ConnectAnswer | Silence): Connection | undefined {
  return 'kind' in answer ? undefined : answer.connection
}

async function answerOf(
  run: Run,
  net: Net,
  { port, sourceOf, limitMs, keep, known, hint }: HintedPlace,
  address: Address,
): Promise<ConnectAnswer | Silence> {
  const { settings, io } = run
  const { socket, sourcePort } = settings
  if (known !== undefined) return { fact: known }
  const attempt = net.connect({
    ...socket,
    ...address,
    port,
    close: 'fin',
    sourceAddress: await sourceOf(address),
    sourcePort,
    exclusiveSource: true,
    keep: keep ? 'bytes' : undefined,
  })
  if (!(attempt.answer instanceof Promise)) return attempt.answer
  const answer = awaitAnswer(attempt, io.clock, limitMs)
  await hint?.(answer)
  return answer
}

/** Waits for the answer, and says once when that takes long; undefined where nobody waits at a terminal or -w is set. */
function createHint({ settings, io, say }: Run, port: number): Hint | undefined {
  if (settings.session.timeoutMs !== undefined || settings.json || !io.system.stderr.isTty) return undefined
  let told = false
  return async (answer) => {
    const answered = new AbortController()
    const late = io.clock.sleep(HINT_AFTER_MS, answered.signal).then(
      () => true,
      () => false,
    )
    const ended = answer.then(
      () => answered.abort(),
      () => answered.abort(),
    )
    if ((await late) && !told) {
      told = true
      await (await failures()).sayHint({ settings, say }, port)
    }
    await ended
  }
}
