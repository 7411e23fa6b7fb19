import type { Reader } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'
import { clip } from '../../model/clip.ts'

/** Octets of a stream's beginning at most. */
const MOST = 16_384

/** The text up to the end of the first match. The expression must be linear; it sees each octet as a character. */
export function upTo(end: RegExp): Reader<string> {
  return (octets) => {
    const text = latin1(octets.subarray(0, MOST))
    const match = end.exec(text)
    if (match === null) return octets.length < MOST ? 'more' : undefined
    const length = match.index + match[0].length
    return { value: text.slice(0, length), length }
  }
}

/** Where a stream's features end, or where it ends for an error. */
export const STREAM_FEATURES = /<\/stream:features>|<stream:features\s*\/>|<\/stream:error>|<\/stream:stream>/

/** An attribute's value as it stands in a tag. */
export function attribute(tag: string, name: 'from' | 'xmlns' | 'node'): string | undefined {
  const [, double, single] = ATTRIBUTES[name].exec(tag) ?? []
  return double ?? single
}

const ATTRIBUTES = {
  from: /\sfrom=(?:"([^"<>]{0,300})"|'([^'<>]{0,300})')/,
  xmlns: /\sxmlns=(?:"([^"<>]{0,300})"|'([^'<>]{0,300})')/,
  node: /\snode=(?:"([^"<>]{0,300})"|'([^'<>]{0,300})')/,
} as const

export interface StreamFeatures {
  /** Names of the features' elements. */
  readonly features: readonly string[]
  /** Of SASL: `SCRAM-SHA-1`. */
  readonly mechanisms: readonly string[]
  readonly starttls: string | undefined
  /** Known by the address in the server's capabilities (XEP-0115 section 4). */
  readonly product: string | undefined
  /** The condition of a stream error: `host-unknown`. */
  readonly error: string | undefined
}

const MOST_ELEMENTS = 40

/** What a stream's features tell (RFC 6120 section 4.3.2); text without them gives nothing. */
export function featuresIn(text: string): StreamFeatures {
  const inside = text.slice(Math.max(0, text.indexOf('<stream:features')))
  const within = inside.startsWith('<stream:features') ? inside : ''
  const starttls = /<starttls[\s>/]/.test(within)
  return {
    features: elementsOf(within),
    mechanisms: [...within.matchAll(/<mechanism>([^<>]{1,60})<\/mechanism>/g)]
      .slice(0, MOST_ELEMENTS)
      .map(([, name = '']) => clip(name)),
    starttls: starttls ? `STARTTLS ${/<required[\s>/]/.test(within) ? 'required' : 'offered'}` : undefined,
    product: productOf(within),
    error: /<stream:error>\s{0,20}<([a-z-]{1,40})\b/.exec(text)?.[1],
  }
}

/** Names of the elements right inside the features: depth is counted, nothing else is understood. */
function elementsOf(within: string): readonly string[] {
  const names = new Set<string>()
  let depth = 0
  for (const [tag, close, name = ''] of within.matchAll(/<(\/?)([A-Za-z][\w:.-]{0,60})(?=[\s/>])[^<>]*>/g)) {
    if (close === '/') depth -= 1
    else {
      if (depth === 1 && names.size < MOST_ELEMENTS) names.add(name)
      if (!tag.endsWith('/>')) depth += 1
    }
  }
  return [...names]
}

const NODES: readonly (readonly [RegExp, string])[] = [
  [/^https?:\/\/prosody\.im\b/, 'Prosody'],
  [/^https?:\/\/www\.process-one\.net\/en\/ejabberd\b/, 'ejabberd'],
  [/^https?:\/\/www\.igniterealtime\.org\/projects\/openfire\b/i, 'Openfire'],
  [/^https?:\/\/(?:www\.)?tigase\.(?:org|net)\b/, 'Tigase'],
  [/^https?:\/\/www\.erlang-solutions\.com\/products\/mongooseim\b/, 'MongooseIM'],
]

function productOf(within: string): string | undefined {
  const tag = /<c\s[^<>]{0,600}>/.exec(within)?.[0] ?? ''
  const node = attribute(tag, 'node') ?? ''
  return NODES.find(([address]) => address.test(node))?.[1]
}
