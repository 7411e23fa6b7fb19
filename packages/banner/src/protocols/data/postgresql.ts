import type { Dialogue } from '../../dialogue/dialogue.ts'
import { exactly } from '../../dialogue/readers.ts'
import { clip, clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Details, Service } from '../../model/service.ts'
import { bigEndian, read32 } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'
import {
  errorFields,
  type PostgresqlError,
  type PostgresqlMessage,
  readMessage,
  zeroEnded,
} from './postgresql-message.ts'

const VERSION_3 = 196_608
const TLS_REQUEST = bigEndian([
  [8, 4],
  [80_877_103, 4],
])
const YES = 'S'.charCodeAt(0)

/** The beginning of a login in protocol 4.0, which there is not: any answer is an error. */
const VERSION_4 = bigEndian([
  [8, 4],
  [4 << 16, 4],
])

/**
 * Where PostgreSQL's source refuses such a login, or one of a stranger (recorded from 15; backend_startup.c is of 17).
 * Poolers and what else speaks its protocol have other files, or tell none.
 */
const SOURCE: ReadonlySet<string> = new Set([
  'postmaster.c ProcessStartupPacket',
  'backend_startup.c ProcessStartupPacket',
  'auth.c ClientAuthentication',
])

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
    if (dialogue.secure) return withSource(service, await dialogue.again())
    const next = await dialogue.again()
    const offered = next === undefined ? undefined : await tlsAnswer(next)
    if (offered === undefined) return service
    const known = { ...service, details: { ...service.details, 'TLS offered': offered } }
    // After its yes a server waits for TLS, after its no for a login.
    return withSource(known, known.product === undefined && offered ? await next?.again() : next)
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

/** With the product, where the answer to a login in a version that there is not tells it. */
async function withSource(service: Service, dialogue: Dialogue | undefined): Promise<Service> {
  if (dialogue === undefined || service.product !== undefined) return service
  await dialogue.send(VERSION_4)
  const answer = await dialogue.receive(readMessage)
  const error = answer?.type === 'E' ? errorFields(answer.body) : undefined
  return { ...service, ...(error && sourceOf(error)) }
}

function sourceOf({ file, routine }: PostgresqlError): Pick<Service, 'product'> {
  return SOURCE.has(`${file} ${routine}`) ? { product: 'PostgreSQL' } : {}
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
  const details = { 'error code': error.code }
  return { protocol: 'postgresql', ...sourceOf(error), info: clip(error.message), details }
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
  const product = refused?.product === undefined ? {} : { product: refused.product }
  return { protocol: 'postgresql', ...product, ...productOf(parameters), ...info, details }
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
  const [, bouncer] = /^(\d[\d.]{0,20})\/bouncer$/.exec(text) ?? []
  if (bouncer !== undefined) return { product: 'PgBouncer', version: bouncer }
  const [, version, system] = /^(\d[\w.]{0,40})(?:$| \((Debian|Ubuntu)?)/.exec(text) ?? []
  // Another's version beside it is that of who plays PostgreSQL.
  const isPlayed = [...parameters.keys()].some((name) => /(?<!^server)_version$/.test(name))
  if (version === undefined || isPlayed) return {}
  return { product: 'PostgreSQL', version, ...(system === undefined ? {} : { os: system }) }
}
