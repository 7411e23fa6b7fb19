import type { Dialogue } from '../dialogue/dialogue.ts'
import { exactly } from '../dialogue/readers.ts'
import { clip, clipped } from '../model/clip.ts'
import type { Protocol } from '../model/protocol.ts'
import type { Details, Service } from '../model/service.ts'
import { bigEndian, concat, read32 } from './big-endian.ts'
import { errorFields, type PostgresqlMessage, readMessage, zeroEnded } from './postgresql-message.ts'

const VERSION_3 = 196_608
const TLS_REQUEST = bigEndian([
  [8, 4],
  [80_877_103, 4],
])
const YES = 'S'.charCodeAt(0)

/** What a server wants before it lets somebody in ("Authentication…" among the message formats). */
const AUTHENTICATION: Readonly<Record<number, string>> = {
  0: 'not needed',
  2: 'Kerberos V5',
  3: 'password in clear text',
  5: 'md5',
  7: 'GSSAPI',
  9: 'SSPI',
}
const SASL = 10
const AUTHENTICATED = 0

/** Octets of a welcome that are read at most. */
const MOST = 16_384

/**
 * PostgreSQL's frontend/backend protocol 3.0. It begins with a login rather than with the request for TLS, whose answer of
 * one octet would be no proof.
 */
export const postgresql: Protocol = {
  name: 'postgresql',
  ports: { tcp: [5432] },
  probe: startup,
  detect(octets, { ended }) {
    const first = readMessage(octets)
    if (first === undefined) return undefined
    if (first === 'more') return ended ? undefined : 'more'
    const { type, body } = first.value
    if (type === 'E') return refusal(body)
    if (type !== 'R' || body.length < 4) return undefined
    const code = read32(body, 0)
    if (code === AUTHENTICATED)
      return body.length === 4 ? welcome(octets.subarray(first.length), ended) : undefined
    const authentication = code === SASL ? mechanisms(body) : AUTHENTICATION[code]
    return authentication === undefined ? undefined : service({ authentication })
  },
  async ask(service, dialogue) {
    if (dialogue.secure) return service
    const next = await dialogue.again()
    const answer = next === undefined ? undefined : await tlsAnswer(next)
    if (answer === undefined) return service
    return { ...service, details: { ...service.details, 'TLS offered': answer } }
  },
  startTls: async (dialogue) => (await tlsAnswer(dialogue)) === true,
}

/** A login that gets as far as to the question for a password. */
function startup(): Uint8Array {
  const parameters = new TextEncoder().encode('user\0portkit\0database\0postgres\0\0')
  const head = bigEndian([
    [8 + parameters.length, 4],
    [VERSION_3, 4],
  ])
  return concat(head, parameters)
}

/** Whether the server goes on with TLS; undefined when it does not say. */
async function tlsAnswer(dialogue: Dialogue): Promise<boolean | undefined> {
  await dialogue.send(TLS_REQUEST)
  const [answer] = (await dialogue.receive(exactly(1))) ?? []
  if (answer === YES) return true
  return answer === 'N'.charCodeAt(0) ? false : undefined
}

const service = (details: Details): Service => ({ protocol: 'postgresql', details })

/** AuthenticationSASL: names that each end with a zero. */
function mechanisms(body: Uint8Array): readonly string[] | undefined {
  const names = zeroEnded(body.subarray(4), 10)
  const areNames = names.length > 0 && names.every((name) => /^[A-Z0-9_-]{1,40}$/.test(name))
  return areNames ? names : undefined
}

function refusal(body: Uint8Array): Service | undefined {
  const error = errorFields(body)
  if (error === undefined) return undefined
  return { protocol: 'postgresql', info: clip(error.message), details: { 'error code': error.code } }
}

/** What follows a login that needed no password: parameters up to where the server is ready, or an error. */
function welcome(octets: Uint8Array, ended: boolean): Service | 'more' {
  const { told, isCut } = welcomeMessages(octets)
  if (isCut && !ended) return 'more'
  const parameters = new Map(told.filter(({ type }) => type === 'S').map(({ body }) => parameterOf(body)))
  const error = told.find(({ type }) => type === 'E')
  const refused = error === undefined ? undefined : refusal(error.body)
  const details = { authentication: AUTHENTICATION[AUTHENTICATED] ?? '', ...refused?.details }
  const info = refused?.info === undefined ? {} : { info: refused.info }
  return { protocol: 'postgresql', ...productOf(parameters), ...info, details }
}

/** All up to the one that ends them, or up to where they are no messages any longer. */
function welcomeMessages(octets: Uint8Array): {
  readonly told: readonly PostgresqlMessage[]
  readonly isCut: boolean
} {
  const told: PostgresqlMessage[] = []
  for (let at = 0; at < MOST; ) {
    const next = readMessage(octets.subarray(at))
    if (next === 'more') return { told, isCut: true }
    if (next === undefined) break
    told.push(next.value)
    if ('EZ'.includes(next.value.type)) break
    at += next.length
  }
  return { told, isCut: false }
}

/** ParameterStatus: a name and a value. */
function parameterOf(body: Uint8Array): readonly [string, string] {
  const [name = '', value = ''] = zeroEnded(body, 2)
  return [name, value]
}

/** The server's version as a parameter tells it: `15.10 (Debian 15.10-0+deb12u1)`. Those like it have their own as well. */
function productOf(parameters: ReadonlyMap<string, string>): Pick<Service, 'product' | 'version' | 'os'> {
  const [, cockroach] =
    /^CockroachDB[ A-Z]{0,10} v(\S{1,60})/.exec(parameters.get('crdb_version') ?? '') ?? []
  if (cockroach !== undefined) return { product: 'CockroachDB', version: cockroach }
  const text = clipped(parameters.get('server_version'))
  if (text === undefined) return {}
  const [, yugabyte] = /^[\d.]{1,20}-YB-(\S{1,60})/.exec(text) ?? []
  if (yugabyte !== undefined) return { product: 'YugabyteDB', version: yugabyte }
  const [, version, system] = /^(\d[\w.]{0,40})(?: \((Debian|Ubuntu)\b)?/.exec(text) ?? []
  if (version === undefined) return {}
  return { product: 'PostgreSQL', version, ...(system === undefined ? {} : { os: system }) }
}
