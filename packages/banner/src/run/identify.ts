import type { ByteStream } from '@portkit/core'
import type { Conversation } from '../dialogue/conversation.ts'
import type { Method } from '../model/finding.ts'
import type { Protocol } from '../model/protocol.ts'
import type { Service } from '../model/service.ts'
import { earlyAt } from '../protocols/early.ts'
import type { TlsFacts } from '../tls/tls-facts.ts'
import { Approach } from './approach.ts'
import { ask, type Found, questionOf } from './ask.ts'
import { connectAgain, type PortWork, plainly } from './port-work.ts'
import { approachByTls, type TlsAttempt } from './secure-approach.ts'
import type { Step } from './steps.ts'

/** What became of a port's conversations. */
export interface Known {
  readonly service?: Service | undefined
  readonly method?: Method | undefined
  readonly tls?: TlsFacts | undefined
  readonly note?: string | undefined
  /** Not everything was tried that could have been. */
  readonly cut: boolean
}

/** Finds out what speaks at an open TCP port. @throws LocalFault */
export async function identify(work: PortWork, first: ByteStream): Promise<Known> {
  const plain = new Approach(false, () => openPlainly(work), plainly(work, first))
  try {
    const known = await tryPlainly(plain, work)
    return known === undefined || known.method === undefined ? unknown(work, known) : known
  } finally {
    plain.close()
  }
}

/** Where the port's usual protocol answers, as it mostly does, no other is loaded. */
async function tryPlainly(plain: Approach, work: PortWork): Promise<Known | undefined> {
  const early = await earlyProtocol(work)
  const question = early && questionOf(early, work, false)
  const found = question && (await ask(question, plain, work, early))
  if (found !== undefined) return settle(found, plain, work)
  const { plainSteps } = await import('./steps.ts')
  const steps = plainSteps(work)
  const left = steps.filter((step) => step.kind === 'tls' || step.question.asked !== question?.asked)
  return tryAll(left, plain, work)
}

async function earlyProtocol({ kit, port }: PortWork): Promise<Protocol | undefined> {
  const { own, depth, startTls, tls } = kit.settings
  const isUsual = own === undefined && depth === 'usual' && startTls === undefined && tls !== 'always'
  return isUsual ? await earlyAt(port)?.() : undefined
}

async function openPlainly(work: PortWork): Promise<Conversation | undefined> {
  const stream = await connectAgain(work)
  return stream && plainly(work, stream)
}

function unknown({ budget, kit }: PortWork, known: Known | undefined): Known {
  const { startTls } = kit.settings
  const note = startTls === undefined || startTls === 'auto' ? undefined : `no STARTTLS of ${startTls} here`
  return { note, ...known, cut: known?.cut ?? budget.isOver }
}

async function tryAll(
  steps: readonly Step[],
  approach: Approach,
  work: PortWork,
): Promise<Known | undefined> {
  for (const step of steps) {
    if (work.budget.isOver) return { cut: true }
    // Who was silent when asked would have greeted meanwhile.
    if (isListening(step) && approach.isSilent) continue
    const known = await tryOne(step, approach, work)
    if (known !== undefined) return known
    // Who ends the connection before anything was said does so whatever is said.
    if (isListening(step) && approach.isGone) return { cut: false }
  }
  return undefined
}

async function tryOne(step: Step, approach: Approach, work: PortWork): Promise<Known | undefined> {
  if (step.kind === 'tls') return insideTls(work, approach)
  const found = await ask(step.question, approach, work)
  return found && settle(found, approach, work)
}

function isListening(step: Step): boolean {
  return step.kind === 'ask' && step.question.octets.length === 0
}

/** What is known once a protocol has claimed the answer. */
async function settle(found: Found, approach: Approach, work: PortWork): Promise<Known> {
  const { service, protocol, method, conversation } = found
  const { settings } = work.kit
  const inside = await wantedTls(found, approach, work)
  // A handshake that failed tells less than an answer that has a name.
  if (inside?.tls !== undefined || (inside !== undefined && service.protocol === 'tls')) return inside
  const isMore = protocol.ask !== undefined && settings.depth !== 'light' && settings.own === undefined
  const told = isMore ? await protocol.ask(service, conversation) : service
  conversation.close()
  const known = { service: told, method, note: inside?.service?.info, cut: false }
  return approach.secure ? known : { ...known, ...(await upgraded(found, work)) }
}

/** What is inside TLS, where the answer says that TLS is to be spoken. */
async function wantedTls(
  { service, conversation }: Found,
  approach: Approach,
  work: PortWork,
): Promise<Known | undefined> {
  if (!service.wantsTls || approach.secure || work.kit.settings.tls === 'never') return undefined
  conversation.close()
  return insideTls(work, approach)
}

/** The facts of TLS after STARTTLS, where they are asked for. */
async function upgraded({ protocol }: Found, work: PortWork): Promise<Pick<Known, 'tls' | 'note'>> {
  const { startTls, depth } = work.kit.settings
  const byName = startTls === protocol.name
  if (startTls !== undefined && startTls !== 'auto' && !byName)
    return { note: `no STARTTLS of ${startTls}: this is ${protocol.name}` }
  const isWanted = byName || startTls === 'auto' || depth === 'thorough'
  if (!isWanted || protocol.startTls === undefined) return {}
  const attempt = await approachByTls(work, { after: protocol, alpn: [] })
  if (attempt.kind === 'secure') {
    attempt.approach.close()
    return { tls: attempt.facts }
  }
  if (depth === 'thorough' && startTls === undefined) return {}
  return { note: attempt.kind === 'refused' ? refusal(attempt) : 'STARTTLS was refused' }
}

function refusal({ reason }: Extract<TlsAttempt, { kind: 'refused' }>): string {
  return `the TLS handshake failed: ${reason}`
}

/** What HTTP is offered by; other protocols need no name. */
const WEB = ['h2', 'http/1.1']

/** What speaks inside TLS; undefined where nobody speaks TLS. */
async function insideTls(work: PortWork, plain: Approach): Promise<Known | undefined> {
  const alpn = work.kit.settings.own === undefined ? WEB : []
  const attempt = await approachByTls(work, { alpn }, plain)
  switch (attempt.kind) {
    case 'none':
      return work.kit.settings.tls === 'always' ? { note: 'nothing here speaks TLS', cut: false } : undefined
    case 'refused':
      return { service: { protocol: 'tls', info: refusal(attempt) }, method: 'tls', cut: false }
    case 'secure': {
      const { approach, facts } = attempt
      try {
        const { secureSteps } = await import('./steps.ts')
        const known = await tryAll(secureSteps(work, facts.alpn), approach, work)
        if (known?.method !== undefined) return { ...known, tls: facts }
        return { service: { protocol: 'tls' }, method: 'tls', tls: facts, cut: known?.cut ?? false }
      } finally {
        approach.close()
      }
    }
  }
}
