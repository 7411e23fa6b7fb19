import http2 from 'node:http2'
import { Duplex } from 'node:stream'
import type { Dialogue } from '../src/dialogue/dialogue.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

export type Handler = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void

/** What a real server of Node's was asked, and a dialogue whose `again` leads to it. */
export interface Served {
  readonly dialogue: Dialogue
  readonly asked: http2.IncomingHttpHeaders[]
}

/** A server of HTTP/2 in memory. */
export function served(handle: Handler, alpn: string | undefined = 'h2'): Served {
  const server = http2.createServer()
  const asked: http2.IncomingHttpHeaders[] = []
  const [far, near] = wire()
  server.on('stream', (stream, headers) => {
    asked.push(headers)
    stream.on('error', () => {})
    handle(stream, headers)
  })
  const dialogue = {
    ...scriptedDialogue([], { secure: true, port: 443 }),
    async again() {
      server.emit('connection', far)
      return over(near, alpn)
    },
  }
  return { dialogue, asked }
}

/** A dialogue whose `again` leads to a peer that says these octets, cut into segments, once it was asked, and then ends. */
export function saying(octets: Uint8Array, segment: number): Dialogue {
  const [far, near] = wire()
  let heard = new Uint8Array()
  far.on('error', () => {})
  far.on('data', (more: Uint8Array) => {
    const wasAsked = hasRequest(heard)
    heard = Uint8Array.from([...heard, ...more])
    if (wasAsked || !hasRequest(heard)) return
    for (let at = 0; at < octets.length; at += segment) far.write(octets.subarray(at, at + segment))
    far.end()
  })
  return { ...scriptedDialogue([], { secure: true, port: 443 }), again: async () => over(near, 'h2') }
}

/** Whether a whole frame of fields has come behind the preface. */
function hasRequest(octets: Uint8Array): boolean {
  for (let at = 24; at + 9 <= octets.length; ) {
    const [high = 0, middle = 0, low = 0, type] = octets.subarray(at, at + 4)
    at += 9 + high * 65_536 + middle * 256 + low
    if (type === 1 && at <= octets.length) return true
  }
  return false
}

/** A dialogue over a stream, like the real one, but that time never ends it. */
function over(stream: Duplex, alpn: string | undefined): Dialogue {
  let octets = new Uint8Array()
  const chunks = stream[Symbol.asyncIterator]()
  return {
    ...scriptedDialogue([], { secure: true, port: 443, ...(alpn === undefined ? {} : { alpn }) }),
    send: (sent) =>
      new Promise((resolve) => {
        stream.write(Uint8Array.from(sent), () => resolve())
      }),
    async receive(reader) {
      for (let ended = false; ; ) {
        const taken = reader(octets, ended)
        if (taken === undefined || (taken === 'more' && ended)) return undefined
        if (taken !== 'more') {
          octets = octets.slice(taken.length)
          return taken.value
        }
        const next = await chunks.next()
        ended = next.done === true
        if (!ended) octets = Uint8Array.from([...octets, ...next.value])
      }
    },
  }
}

/** Two ends of one connection. */
function wire(): readonly [Duplex, Duplex] {
  const ends: Duplex[] = []
  const end = (other: number) =>
    new Duplex({
      read() {},
      write(octets: Uint8Array, _, done) {
        ends[other]?.push(Uint8Array.from(octets))
        done()
      },
      final(done) {
        ends[other]?.push(null)
        done()
      },
      destroy(error, done) {
        ends[other]?.push(null)
        done(error)
      },
    })
  const both = [end(1), end(0)] as const
  ends.push(...both)
  return both
}
