import { clipped } from '../../model/clip.ts'
import { readable, told } from '../../model/peer-text.ts'
import type { Evidence, Service } from '../../model/service.ts'
import { objectOf, textAt } from '../kit/json.ts'
import { known } from '../kit/known.ts'
import { type Headers, header } from './http-head.ts'
import type { HttpMessage } from './http-message.ts'
import { type Software, softwareOf } from './http-server.ts'
import { signOf } from './http-signs.ts'
import { titleOf } from './http-title.ts'
import { wantsTls } from './http-tls.ts'

/** Where an answer came from. */
export interface Place {
  readonly port: number
  readonly secure: boolean
}

/** Cookies that are told. */
const MOST_COOKIES = 10

/** A URL may be longer than other texts: it is to be followed. */
const MOST_URL = 1000

/** What a response tells: the same for HTTP/1 and HTTP/2. */
export function httpService(message: HttpMessage, place: Place): Service {
  const { headers, body } = message
  const title = titleOf(body)
  const json = objectOf(body)
  const software = softwareIn(headers)
  const sign = signOf({ message, title, json, server: header(headers, 'server') && software.product })
  return {
    protocol: 'http',
    info: infoOf(message, title),
    // The version of a server in front is none of what it serves.
    ...(sign.product === undefined ? software : { os: software.os }),
    ...sign,
    details: detailsOf(message, title, json),
    evidence: evidenceOf(headers, title),
    ...(!place.secure && wantsTls(message, place.port) ? { wantsTls: true } : {}),
  }
}

/** What the Server field names; else what made the page. */
function softwareIn(headers: Headers): Software {
  const software = softwareOf(readable(header(headers, 'server') ?? ''))
  return software.product === undefined
    ? softwareOf(readable(header(headers, 'x-powered-by') ?? ''))
    : software
}

function infoOf({ version, status, reason }: HttpMessage, title: string | undefined): string {
  const line = [String(status), told(reason, 80) ?? ''].join(' ').trim()
  // Many pages of errors are titled by their status.
  const isNews = title !== undefined && title !== line && title !== reason
  return [version === '2' ? 'HTTP/2' : '', line, isNews ? `"${title}"` : ''].filter(Boolean).join(' ')
}

function detailsOf({ version, status, headers }: HttpMessage, title: string | undefined, json: unknown) {
  const cookies = headers.get('set-cookie')?.slice(0, MOST_COOKIES)
  const names = cookies?.flatMap((cookie) => told(cookie.split(/[=;]/, 1)[0]) ?? [])
  return known({
    'http version': version,
    status,
    title,
    server: told(header(headers, 'server')),
    location: told(header(headers, 'location'), MOST_URL),
    'x-powered-by': told(header(headers, 'x-powered-by')),
    'www-authenticate': told(header(headers, 'www-authenticate')),
    'proxy-authenticate': told(header(headers, 'proxy-authenticate')),
    'content-type': told(header(headers, 'content-type')),
    via: told(header(headers, 'via')),
    cookies: names?.length === 0 ? undefined : names,
    message: clipped(textAt(json, 'message')),
  })
}

/** Recog's fields, and what they are read from. */
const FIELDS = [
  ['http_header.server', 'server'],
  ['http_header.x-powered-by', 'x-powered-by'],
  ['http_header.wwwauth', 'www-authenticate'],
  ['http_header.cookie', 'set-cookie'],
] as const

function evidenceOf(headers: Headers, title: string | undefined): readonly Evidence[] | undefined {
  const evidence: Evidence[] = FIELDS.flatMap(([field, name]) =>
    (headers.get(name) ?? []).slice(0, MOST_COOKIES).flatMap((value) => {
      const text = told(value)
      return text === undefined ? [] : [{ field, text }]
    }),
  )
  if (title !== undefined) evidence.push({ field: 'html_title', text: title })
  return evidence.length === 0 ? undefined : evidence
}
