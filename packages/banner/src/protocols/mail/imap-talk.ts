import type { Dialogue } from '../../dialogue/dialogue.ts'
import { clip } from '../../model/clip.ts'
import { readable } from '../../model/peer-text.ts'
import type { Service } from '../../model/service.ts'
import { linesTo, say } from '../kit/talk.ts'

const MOST_CAPABILITIES = 80

/** The words of the first `CAPABILITY` in some lines, as data or as code in a greeting (RFC 9051 section 7.2.2), in capitals. */
export function capabilitiesIn(lines: readonly string[]): readonly string[] {
  for (const text of lines) {
    const words = /^(?:\* |\[)CAPABILITY ([^\]]{0,2000})/i.exec(text)?.[1]
    if (words !== undefined)
      return words
        .split(' ')
        .filter((word) => word !== '')
        .slice(0, MOST_CAPABILITIES)
        .map((word) => clip(word.toUpperCase(), 80))
  }
  return []
}

/** Asks for what the server can, and for its name where it tells that. */
export async function learn(service: Service, dialogue: Dialogue): Promise<Service> {
  await say(dialogue, 'p1 CAPABILITY')
  const reply = await linesTo(dialogue, (text) => text.startsWith('p1 '))
  const capabilities = capabilitiesIn(reply?.lines ?? [])
  if (capabilities.length === 0) return service
  const identity = capabilities.includes('ID') ? await identityOf(dialogue) : new Map<string, string>()
  const { product = identity.get('name'), version = versionFor(product, identity) } = service
  return {
    ...service,
    product,
    version,
    os: service.os ?? identity.get('os'),
    info: service.info ?? (capabilities.includes('STARTTLS') ? 'STARTTLS offered' : undefined),
    details: { ...service.details, capabilities },
  }
}

/** Only the version of the same product: a proxy may tell that of what is behind it. */
function versionFor(product: string | undefined, identity: ReadonlyMap<string, string>): string | undefined {
  return identity.get('name') === product ? identity.get('version') : undefined
}

/** RFC 2971 section 3: `* ID ("name" "Cyrus" "version" "1.5")`, or NIL. */
async function identityOf(dialogue: Dialogue): Promise<ReadonlyMap<string, string>> {
  await say(dialogue, 'p2 ID NIL')
  const reply = await linesTo(dialogue, (text) => text.startsWith('p2 '))
  const line = reply?.lines.find((text) => /^\* ID \(/i.test(text)) ?? ''
  const identity = new Map<string, string>()
  for (const [, name = '', value = ''] of line.slice(0, 2000).matchAll(/"([^"\\]*)" "([^"\\]*)"/g))
    if (value !== '') identity.set(name.toLowerCase(), clip(readable(value)))
  return identity
}
