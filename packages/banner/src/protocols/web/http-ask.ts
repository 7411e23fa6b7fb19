import type { Dialogue } from '../../dialogue/dialogue.ts'
import { told } from '../../model/peer-text.ts'
import type { Service } from '../../model/service.ts'
import { at, objectOf, textAt } from '../kit/json.ts'
import { known } from '../kit/known.ts'
import { type HttpMessage, httpMessage } from './http-message.ts'
import { request } from './http-request.ts'
import { httpService } from './http-service.ts'
import { urlsOf } from './http-url.ts'

/** Follows redirects as far as the user wishes, and asks Docker's API for its version. */
export async function askHttp(service: Service, dialogue: Dialogue): Promise<Service> {
  if (isLikeDocker(service)) return askDocker(service, dialogue)
  return dialogue.wishes.follow > 0 ? follow(service, dialogue) : service
}

interface Got {
  readonly message: HttpMessage
  readonly dialogue: Dialogue
}

async function get(path: string, before: Dialogue): Promise<Got | undefined> {
  const dialogue = await before.again(['http/1.1'])
  await dialogue?.send(request(path, dialogue))
  const message = await dialogue?.receive(httpMessage)
  return dialogue === undefined || message === undefined ? undefined : { message, dialogue }
}

/** Each redirect is one more connection; a page that was there already ends it, as does another host, port or scheme. */
async function follow(first: Service, dialogue: Dialogue): Promise<Service> {
  const urls = urlsOf(dialogue)
  const seen = new Set([urls.start])
  const redirects: string[] = []
  let here = { service: first, dialogue, url: urls.start }
  while (redirects.length < dialogue.wishes.follow) {
    const { status, location } = here.service.details ?? {}
    const url = isRedirect(status) ? urls.next(here.url, location) : undefined
    if (url === undefined || seen.has(url)) break
    seen.add(url)
    const got = await get(urls.pathOf(url), here.dialogue)
    if (got === undefined) break
    redirects.push(`${status} ${location}`)
    here = { service: httpService(got.message, got.dialogue), dialogue: got.dialogue, url }
  }
  return redirects.length === 0 ? first : arrived(first, here.service, redirects)
}

/** RFC 9110 section 15.4: those whose Location is to be got. */
function isRedirect(status: unknown): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308
}

/** The page at the end, with what only the first answer told. */
function arrived(first: Service, last: Service, redirects: readonly string[]): Service {
  const software = last.product === undefined ? first : last
  const evidence = [...(first.evidence ?? []), ...(last.evidence ?? [])]
  return {
    ...last,
    protocol: last.protocol === 'http' ? first.protocol : last.protocol,
    product: software.product,
    version: software.version,
    os: last.os ?? first.os,
    details: { ...last.details, redirects },
    evidence: evidence.filter(
      ({ field, text }, at) => evidence.findIndex((one) => one.field === field && one.text === text) === at,
    ),
  }
}

/** What its API answers for `/`, as others might. */
function isLikeDocker({ details, product }: Service): boolean {
  return product === undefined && details?.status === 404 && details.message === 'page not found'
}

async function askDocker(service: Service, dialogue: Dialogue): Promise<Service> {
  const got = await get('/version', dialogue)
  const json = objectOf(got?.message.body ?? '')
  const api = textAt(json, 'ApiVersion')
  const product = engineOf(json)
  if (api === undefined || product === undefined) return service
  return {
    ...service,
    product,
    version: told(textAt(json, 'Version')),
    os: told(textAt(json, 'Os')),
    details: {
      ...service.details,
      ...known({ 'api version': told(api), kernel: told(textAt(json, 'KernelVersion')) }),
    },
  }
}

/** Docker's API has more than one server (Docker Engine API 1.41, SystemVersion). */
function engineOf(json: unknown): string | undefined {
  switch (textAt(at(json, 'Components'), '0', 'Name')) {
    case 'Engine':
      return 'Docker'
    case 'Podman Engine':
      return 'Podman'
    default:
      return undefined
  }
}
