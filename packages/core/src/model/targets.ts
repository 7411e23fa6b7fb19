import { parseAddress, parseHost } from './addresses.ts'
import { UsageError } from './errors.ts'
import { looksLikePorts, parsePorts } from './ports.ts'
import { quoted } from './quoted.ts'
import type { Services } from './services.ts'
import type { Transport } from './target.ts'

/** Host-and-port pairs of one command line. */
export const MOST_TARGETS = 65_535

/** What the user wants probed: `host` as typed, without brackets. */
export interface TargetSpec {
  readonly host: string
  readonly ports: readonly number[]
}

/** A host whose ports may follow in a later word. */
interface Draft {
  readonly word: string
  readonly host: string
  ports?: readonly number[]
}

/** Reads ports of the transport in question. */
type ReadPorts = (text: string) => readonly number[]

/**
 * Reads the words after the options: `host port`, `host:port`, `[v6]:port`, several of them in any mixture.
 * Hosts without a port of their own share the next word of ports: `web1 web2 443` asks both on 443.
 *
 * The first word is a host. After a host that still lacks its port, a word of numbers or with a comma is
 * ports, and so is the name of a service, unless such a word of ports comes right after it: in `a ssh` it is
 * the port, in `a ssh 80` it is a host. `ssh:80` is always a host.
 * @throws UsageError
 */
export function parseTargets(
  words: readonly string[],
  services: Pick<Services, 'portOf'>,
  transport: Transport = 'tcp',
): readonly TargetSpec[] {
  if (words.length === 0) throw new UsageError('host missing')
  const readPorts: ReadPorts = (text) => parsePorts(text, services, transport)
  const isService = (word: string): boolean => services.portOf(word, transport) !== undefined
  const drafts: Draft[] = []
  let pending: Draft[] = []
  for (const [i, word] of words.entries()) {
    switch (roleOf(word, words[i + 1], pending.length > 0, isService)) {
      case 'astray':
        throw withoutHost(word, words[i - 1])
      case 'ports':
        give(pending, readPorts(word))
        pending = []
        break
      case 'host': {
        const draft = parseWord(word, readPorts)
        drafts.push(draft)
        if (draft.ports === undefined) pending.push(draft)
      }
    }
  }
  if (pending.length > 0) throw withoutPort(pending, transport)
  return counted(drafts.map(({ host, ports = [] }) => ({ host, ports })))
}

function give(drafts: readonly Draft[], ports: readonly number[]): void {
  for (const draft of drafts) draft.ports = ports
}

function roleOf(
  word: string,
  next: string | undefined,
  isPending: boolean,
  isService: (word: string) => boolean,
): 'host' | 'ports' | 'astray' {
  if (looksLikePorts(word)) return isPending ? 'ports' : 'astray'
  if (!isPending || !isService(word)) return 'host'
  return next !== undefined && looksLikePorts(next) ? 'host' : 'ports'
}

function counted(specs: readonly TargetSpec[]): readonly TargetSpec[] {
  const targets = specs.reduce((sum, { ports }) => sum + ports.length, 0)
  if (targets > MOST_TARGETS) {
    throw new UsageError(`too many targets: ${targets} pairs of host and port (at most ${MOST_TARGETS})`)
  }
  return specs
}

function parseWord(word: string, readPorts: ReadPorts): Draft {
  if (word.includes('://')) throw isUrl(word, readPorts)
  if (word.startsWith('[')) return parseBrackets(word, readPorts)
  if (parseAddress(word) !== undefined) return { word, host: word }
  const [host = '', ports, ...more] = word.split(':')
  if (more.length > 0) throw manyColons(word)
  if (ports === undefined) return withHost({ word, host })
  if (host === '') throw new UsageError(`host missing in ${quoted(word)}`)
  if (ports === '') throw new UsageError(`port missing in ${quoted(word)}`)
  return { ...withHost({ word, host }), ports: readPorts(ports) }
}

function withHost(draft: Draft): Draft {
  parseHost(draft.host)
  return draft
}

/** RFC 3986 section 3.2.2, with a plain zone. */
function parseBrackets(word: string, readPorts: ReadPorts): Draft {
  const [, host, colon, ports = ''] = /^\[([^[\]]*)\](?:(:)(.*))?$/s.exec(word) ?? []
  if (host === undefined) throw new UsageError(`brackets invalid: ${quoted(word)} (as in [::1]:22)`)
  if (parseAddress(host)?.family !== 6) {
    throw new UsageError(`brackets invalid: ${quoted(word)} (only an IPv6 address goes between them)`)
  }
  if (colon === undefined) return { word, host }
  if (ports === '') throw new UsageError(`port missing in ${quoted(word)}`)
  return { word, host, ports: readPorts(ports) }
}

function manyColons(word: string): UsageError {
  const hint = bracketed(word)
  if (hint === undefined) return new UsageError(`neither host:port nor an IPv6 address: ${quoted(word)}`)
  return new UsageError(`an IPv6 address with a port needs brackets: ${quoted(word)} (write ${hint})`)
}

/** How to write a bare IPv6 address with a number glued to it; undefined when it is not like that. */
function bracketed(word: string): string | undefined {
  const [, address = '', port = ''] = /^(.*):(\d{1,5})$/s.exec(word) ?? []
  return parseAddress(address)?.family === 6 ? `[${address}]:${port}` : undefined
}

function withoutPort(pending: readonly Draft[], transport: Transport): UsageError {
  const [first, ...others] = pending
  const last = others.at(-1)
  const names = pending.slice(0, 3).map(({ word }) => quoted(word))
  const more = pending.length > 3 ? ` and ${pending.length - 3} more` : ''
  const message = `port missing for ${names.join(', ')}${more}`
  if (last !== undefined && !/[.:[%]/.test(last.word)) {
    return new UsageError(`${message} (${quoted(last.word)} is no known ${transport} service)`)
  }
  const hint = first && last === undefined ? bracketed(first.word) : undefined
  return new UsageError(hint === undefined ? message : `${message} (for a port write ${hint})`)
}

function withoutHost(word: string, before: string | undefined): UsageError {
  const hint = before !== undefined && looksLikePorts(before) ? ` (write ${quoted(`${before},${word}`)})` : ''
  return new UsageError(`host missing before ${quoted(word)}${hint}`)
}

/** Says what to write instead of a URL, when that can be told from it (RFC 3986 section 3). */
function isUrl(word: string, readPorts: ReadPorts): UsageError {
  const [, scheme = '', host = '', port] =
    /^([a-z][a-z\d+.-]*):\/\/(?:[^/?#@]*@)?(\[[^[\]]*\]|[^/?#:]+)(?::(\d+))?/i.exec(word) ?? []
  try {
    const draft = parseWord(`${host}:${port ?? readPorts(scheme)[0]}`, readPorts)
    return new UsageError(`this is a URL: ${quoted(word)} (write ${draft.word})`)
  } catch {
    return new UsageError(`this is a URL: ${quoted(word)} (write host:port)`)
  }
}
