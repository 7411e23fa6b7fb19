import http2 from 'node:http2'
import type { Dialogue } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'
import type { Service } from '../../model/service.ts'
import { streamOf } from './h2-stream.ts'
import { isWorthReading } from './http-body.ts'
import { type Headers, MOST_OCTETS } from './http-head.ts'
import type { HttpMessage } from './http-message.ts'
import { authority, FIELDS } from './http-request.ts'
import { httpService } from './http-service.ts'
import { titleEnd } from './http-title.ts'

/** What a hostile peer may make Node keep. Megabytes, numbers, octets. */
const BOUNDS = {
  maxSessionMemory: 1,
  maxHeaderListPairs: 100,
  maxOutstandingPings: 1,
  maxOutstandingSettings: 2,
  maxSettings: 40,
  maxReservedRemoteStreams: 0,
  maxSessionInvalidFrames: 10,
  maxSessionRejectedStreams: 10,
  peerMaxConcurrentStreams: 1,
} as const

/** Gets `/` over HTTP/2 (RFC 9113 section 8), in a connection of its own; on any surprise the service as it was. */
export async function askH2(service: Service, first: Dialogue): Promise<Service> {
  const dialogue = await first.again(['h2'])
  if (dialogue === undefined || (dialogue.secure && dialogue.alpn !== 'h2')) return service
  try {
    const message = await get(dialogue)
    return message === undefined ? service : httpService(message, dialogue)
  } catch {
    // Node refuses some names of hosts, and sessions that ended before they began.
    return service
  }
}

/** The response, as far as it came; undefined for none. Ends with the dialogue at the latest. May reject. */
function get(dialogue: Dialogue): Promise<HttpMessage | undefined> {
  const { stream, over } = streamOf(dialogue)
  const scheme = dialogue.secure ? 'https' : 'http'
  return new Promise((resolve) => {
    const answer = new Answer()
    const session = http2.connect(`${scheme}://${authority(dialogue)}`, {
      ...BOUNDS,
      settings: { enablePush: false, maxHeaderListSize: MOST_OCTETS, initialWindowSize: MOST_OCTETS },
      createConnection: () => stream,
    })
    const end = () => {
      resolve(answer.message())
      session.destroy()
      stream.destroy()
    }
    for (const event of ['error', 'close', 'frameError']) session.on(event, end)
    stream.on('error', end)
    const fields = Object.entries(FIELDS).map(([name, value]) => [name.toLowerCase(), value])
    const request = session.request({
      ':authority': authority(dialogue),
      ':path': '/',
      ...Object.fromEntries(fields),
    })
    request.on('response', (headers) => {
      answer.begin(headers)
      if (answer.isEnough()) end()
    })
    request.on('data', (octets: Uint8Array) => {
      answer.add(octets)
      if (answer.isEnough()) end()
    })
    for (const event of ['error', 'close', 'aborted']) request.on(event, end)
    request.end()
    void over.then(digested).then(end)
  })
}

/** Turns of the event loop in which Node makes of the last octets what it can. */
const TURNS = 30

/** Node says nothing of some sessions that are over (a fault in compressed fields, in segments of some sizes). */
async function digested(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** What came of a response. Node may give its first octets before its fields. */
class Answer {
  #head: Omit<HttpMessage, 'body'> | undefined
  #body = ''

  begin(fields: http2.IncomingHttpHeaders): void {
    this.#head = { version: '2', status: Number(fields[':status']), reason: '', headers: headersOf(fields) }
  }

  add(octets: Uint8Array): void {
    this.#body = (this.#body + latin1(octets)).slice(0, MOST_OCTETS)
  }

  /** Nothing that could still come is wanted. */
  isEnough(): boolean {
    if (this.#head === undefined) return false
    return (
      !isWorthReading(this.#head) || this.#body.length >= MOST_OCTETS || titleEnd(this.#body) !== undefined
    )
  }

  message(): HttpMessage | undefined {
    return this.#head && { ...this.#head, body: isWorthReading(this.#head) ? this.#body : '' }
  }
}

function headersOf(fields: http2.IncomingHttpHeaders): Headers {
  return new Map(
    Object.entries(fields).flatMap(([name, value]) => {
      if (name.startsWith(':') || value === undefined) return []
      return [[name, typeof value === 'string' ? [value] : value]]
    }),
  )
}
