import type { Protocol } from '../model/protocol.ts'
import { PROTOCOLS, protocolNamed, usualAt, usualInTls } from '../protocols/table.ts'
import { GREETING, type Question, questionOf } from './ask.ts'
import type { PortWork } from './port-work.ts'

/** What is tried next. */
export type Step =
  | { readonly kind: 'ask'; readonly question: Question }
  /** A ClientHello, and everything inside. */
  | { readonly kind: 'tls' }

const LISTEN: Step = { kind: 'ask', question: GREETING }
const TLS: Step = { kind: 'tls' }

/** What is tried at a TCP port, one after the other, until something is identified. */
export function plainSteps(work: PortWork): readonly Step[] {
  const { kit, port } = work
  const { depth, tls, own } = kit.settings
  if (tls === 'always') return [TLS]
  if (own !== undefined) return ownSteps(work)
  if (depth === 'light') return [LISTEN]
  const tlsFirst = tls !== 'never' && usualInTls(port).length > 0
  const usual = [...preferred(work), ...usualAt(port, 'tcp')]
  const asks = withoutRepeats([...usual.map((p) => askStep(p, work, false)), LISTEN, getStep(work, false)])
  return [
    ...(tlsFirst ? [TLS] : []),
    ...asks,
    ...(tls === 'never' || tlsFirst ? [] : [TLS]),
    ...lineSteps(work),
    ...(depth === 'thorough' ? thoroughSteps(work, false, asks) : []),
  ]
}

/** What is tried inside TLS. */
export function secureSteps(work: PortWork, alpn: string | undefined): readonly Step[] {
  const { kit, port } = work
  if (kit.settings.own !== undefined) return ownSteps(work)
  const h2 = alpn === 'h2' ? protocolNamed('h2') : undefined
  if (h2 !== undefined) return [askStep(h2, work, true)]
  const usual = usualInTls(port).map((protocol) => askStep(protocol, work, true))
  const asks = withoutRepeats([...usual, LISTEN, getStep(work, true)])
  const others = kit.settings.depth === 'thorough' ? thoroughSteps(work, true, asks) : []
  return [...asks, ...lineSteps(work), ...others]
}

/** What the user says it is. */
function preferred({ kit }: PortWork): readonly Protocol[] {
  const protocol = protocolNamed(kit.settings.startTls ?? '')
  return protocol === undefined ? [] : [protocol]
}

function ownSteps({ kit }: PortWork): readonly Step[] {
  const octets = kit.settings.own?.octets ?? GREETING.octets
  return octets.length === 0 ? [LISTEN] : [{ kind: 'ask', question: { asked: 'user', octets } }]
}

function askStep(protocol: Protocol, work: PortWork, secure: boolean): Step {
  return { kind: 'ask', question: questionOf(protocol, work, secure) }
}

/** Whoever waits for a request line has nothing against a silence before it. */
function getStep(work: PortWork, secure: boolean): Step {
  const http = protocolNamed('http')
  if (http === undefined) return LISTEN
  return { kind: 'ask', question: { ...questionOf(http, work, secure), where: 'unspoken' } }
}

const octetsOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** For servers that read lines. */
function lineSteps({ waitMs }: PortWork): readonly Step[] {
  return [
    { kind: 'ask', question: { asked: 'crlf', octets: octetsOf('\r\n\r\n'), waitMs: waitMs / 2 } },
    {
      kind: 'ask',
      question: { asked: 'help', octets: octetsOf('HELP\r\n'), waitMs: waitMs / 2, where: 'silent' },
    },
  ]
}

/** Every probe that was not sent yet. */
function thoroughSteps(work: PortWork, secure: boolean, done: readonly Step[]): readonly Step[] {
  const others = PROTOCOLS.filter(({ ports, probe }) => probe !== undefined && ports.tcp !== undefined)
  const names = new Set(done.map(nameOf))
  return others.map((protocol) => askStep(protocol, work, secure)).filter((step) => !names.has(nameOf(step)))
}

function withoutRepeats(steps: readonly Step[]): readonly Step[] {
  return steps.filter((step, i) => steps.findIndex((other) => nameOf(other) === nameOf(step)) === i)
}

function nameOf(step: Step): string {
  return step.kind === 'tls' ? 'tls' : step.question.asked
}
