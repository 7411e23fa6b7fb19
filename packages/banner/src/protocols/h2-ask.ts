import http2 from 'node:http2'
import type { Dialogue } from '../dialogue/dialogue.ts'
import type { Service } from '../model/service.ts'
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
  const stream = streamOf(dialogue)
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
    const request = session.request({ ':path': '/', ...Object.fromEntries(fields) })
    request.on('response', (headers) => {
      if (!answer.begin(headers)) end()
    })
    request.on('data', (octets: Uint8Array) => {
      if (!answer.add(octets)) end()
    })
    for (const event of ['error', 'end', 'close', 'aborted']) request.on(event, end)
    request.end()
  })
}

/** What came of a response. */
class Answer {
  #head: Omit<HttpMessage, 'body'> | undefined
  #body = ''

  /** Whether its body is wanted. */
  begin(fields: http2.IncomingHttpHeaders): boolean {
    const headers = headersOf(fields)
    this.#head = { version: '2', status: Number(fields[':status']), reason: '', headers }
    return isWorthReading(this.#head)
  }

  /** Whether more of it is wanted. */
  add(octets: Uint8Array): boolean {
    this.#body += Buffer.from(octets).toString('latin1')
    return this.#body.length < MOST_OCTETS && titleEnd(this.#body) === undefined
  }

  message(): HttpMessage | undefined {
    return this.#head && { ...this.#head, body: this.#body.slice(0, MOST_OCTETS) }
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
