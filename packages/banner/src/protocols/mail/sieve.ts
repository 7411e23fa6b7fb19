import type { Reader } from '../../dialogue/dialogue.ts'
import { line } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { alone, say } from '../kit/talk.ts'

/** ManageSieve (RFC 5804): scripts that sort mail. */
export const sieve: Protocol = {
  name: 'sieve',
  ports: { tcp: [4190] },
  detect(octets, { ended }) {
    if (octets.length > 0 && octets[0] !== QUOTE) return undefined
    const taken = greeting(octets, ended)
    return taken === undefined || taken === 'more' ? taken : serviceOf(taken.value)
  },
  async startTls(dialogue) {
    const capabilities = await dialogue.receive(greeting)
    if (capabilities?.has('STARTTLS') !== true) return false
    await say(dialogue, 'STARTTLS')
    return /^OK\b/i.test((await dialogue.receive(alone(line()))) ?? '')
  },
}

const QUOTE = 0x22
const MOST_LINES = 40
const CAPABILITY = /^"([A-Z][A-Z0-9_-]{0,40})"(?: "([^"]*)")?$/i

/** The capabilities that a server begins with, by name in capitals, up to its `OK` (RFC 5804 section 1.7). */
const greeting: Reader<ReadonlyMap<string, string>> = (octets, ended) => {
  const capabilities = new Map<string, string>()
  let at = 0
  for (let count = 0; count < MOST_LINES; count += 1) {
    const taken = line(2000)(octets.subarray(at), ended)
    if (taken === undefined || taken === 'more') return taken
    at += taken.length
    if (/^OK\b/i.test(taken.value))
      return isSure(capabilities) ? { value: capabilities, length: at } : undefined
    const [, name, value = ''] = CAPABILITY.exec(taken.value) ?? []
    if (name === undefined) return undefined
    capabilities.set(name.toUpperCase(), clip(readable(value), 1000))
  }
  return undefined
}

const isSure = (capabilities: ReadonlyMap<string, string>): boolean =>
  capabilities.has('IMPLEMENTATION') && capabilities.has('SIEVE')

function serviceOf(capabilities: ReadonlyMap<string, string>): Service {
  const { product, version } = named(capabilities.get('IMPLEMENTATION') ?? '')
  return {
    protocol: 'sieve',
    product,
    version,
    info: capabilities.has('STARTTLS') ? 'STARTTLS offered' : undefined,
    details: {
      capabilities: [...capabilities].map(([name, value]) =>
        value === '' ? name : clip(`${name} ${value}`),
      ),
    },
  }
}

/** `Cyrus timsieved v2.4.17-Debian`, `Dovecot Pigeonhole`. */
function named(implementation: string): { product: string | undefined; version: string | undefined } {
  const text = clip(implementation)
  const at = text.search(/ v?\d/)
  if (at < 0) return { product: text === '' ? undefined : text, version: undefined }
  const [version = ''] = text.slice(at + 1).split(/[ -]/)
  return { product: text.slice(0, at), version: version.replace(/^v/, '') }
}
