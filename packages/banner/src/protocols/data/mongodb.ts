import type { Reader, Taken } from '../../dialogue/dialogue.ts'
import { clip } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Details, Service } from '../../model/service.ts'
import { lowFirst, readLow32 } from '../../octets/little-endian.ts'
import { concat } from '../../octets/octets.ts'
import { type BsonDocument, bson, readBson } from './bson.ts'

/** MongoDB's wire protocol, OP_MSG: a length, two numbers, the operation, flags, a section of one document. */
const AT = { length: 0, request: 4, responseTo: 8, operation: 12, flags: 16, kind: 20, document: 21 } as const
const OP_MSG = 2013
const MOST = 60_000

export const mongodb: Protocol = {
  name: 'mongodb',
  ports: { tcp: [27_017] },
  probe: ({ random }) => command(random() >>> 1, 'hello'),
  detect(octets, { asked, ended }) {
    // It answers to nothing but its own protocol, whose beginning is a number of many others.
    if (asked !== 'mongodb') return undefined
    const answer = readAnswer(octets, ended)
    if (answer === undefined) return undefined
    if (answer === 'more') return ended ? undefined : 'more'
    return serviceOf(answer.value)
  },
  async ask(service, dialogue) {
    await dialogue.receive(readAnswer)
    await dialogue.send(command(dialogue.random() >>> 1, 'buildInfo'))
    const info = await dialogue.receive(readAnswer)
    const version = textOf(info, 'version')
    if (version === undefined) return service
    const ferret = textOf(info?.get('ferretdb'), 'version') ?? textOf(info, 'ferretdbVersion')
    if (ferret !== undefined) return { ...service, product: 'FerretDB', version: ferret.replace(/^v/, '') }
    return { ...service, product: 'MongoDB', version }
  },
}

function command(request: number, name: string): Uint8Array {
  const document = bson({ [name]: 1, $db: 'admin' })
  const head = lowFirst(AT.document + document.length, request, 0, OP_MSG, 0)
  return concat(head, Uint8Array.of(0), document)
}

/** The document of an answer in OP_MSG; undefined for anything else. */
const readAnswer: Reader<BsonDocument> = (octets) => {
  if (!mayBegin(octets)) return undefined
  const length = readLow32(octets, AT.length)
  if (octets.length < AT.document || octets.length < length) return 'more'
  return answerOf(octets.subarray(0, length))
}

/** As many octets as there are may be the head of a short answer. */
function mayBegin(octets: Uint8Array): boolean {
  const has = (at: number): boolean => octets.length >= at + 4
  if (has(AT.length) && !isLength(readLow32(octets, AT.length))) return false
  if ((octets[3] ?? 0) !== 0) return false
  if (has(AT.operation) && readLow32(octets, AT.operation) !== OP_MSG) return false
  return (!has(AT.flags) || readLow32(octets, AT.flags) === 0) && (octets[AT.kind] ?? 0) === 0
}

function isLength(length: number): boolean {
  return length > AT.document && length <= MOST
}

function answerOf(octets: Uint8Array): Taken<BsonDocument> | undefined {
  const document = readBson(octets.subarray(AT.document))
  // Every answer to a command has this.
  return document?.has('ok') === true ? { value: document, length: octets.length } : undefined
}

function textOf(document: unknown, name: string): string | undefined {
  const value = document instanceof Map ? document.get(name) : undefined
  return typeof value === 'string' && value !== '' ? clip(value) : undefined
}

/** What `hello` tells without a login, or that it is not known yet, as before version 4.4.2. */
function serviceOf(document: BsonDocument): Service {
  const name = textOf(document, 'me')
  const error = textOf(document, 'errmsg')
  const details = detailsOf(document)
  return {
    protocol: 'mongodb',
    ...(error === undefined ? {} : { info: error }),
    ...(name === undefined ? {} : { hostname: name }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
  }
}

function detailsOf(document: BsonDocument): Details {
  const details: { 'replica set'?: string; role?: string; 'newest wire version'?: number } = {}
  const set = textOf(document, 'setName')
  const newest = document.get('maxWireVersion')
  if (set !== undefined) details['replica set'] = set
  if (textOf(document, 'msg') === 'isdbgrid') details.role = 'mongos'
  if (typeof newest === 'number') details['newest wire version'] = newest
  return details
}
