import type { Dialogue } from '../../dialogue/dialogue.ts'
import { line } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { firstLine } from '../kit/first-line.ts'

const GREETING = /^@RSYNCD: (\d{1,3}(?:\.\d{1,3})?)(?: +([\w./-][\w ./-]{0,200}))? *$/

/** Modules told at most, and lines read for them. */
const MOST_MODULES = 50
const MOST_LINES = 300

/**
 * A rsync daemon, by its greeting (man rsync, its `csprotocol.txt`): `@RSYNCD: 31.0`, since 32 with
 * digests behind.
 */
export const rsync: Protocol = {
  name: 'rsync',
  ports: { tcp: [873] },
  detect(octets, { ended }) {
    const greeting = firstLine(octets, ['@RSYNCD: '], ended)
    if (greeting === undefined || greeting === 'more') return greeting
    const [, version, digests] = GREETING.exec(greeting) ?? []
    if (version === undefined) return undefined
    const service = { protocol: 'rsync', info: `protocol ${version}` }
    return digests === undefined ? service : { ...service, details: { digests: digests.trim().split(/ +/) } }
  },
  async ask(service, dialogue) {
    if ((await dialogue.receive(line())) === undefined) return service
    // Protocol 31 needs no list of digests from the client, and every daemon since 2013 speaks it.
    await dialogue.send(new TextEncoder().encode('@RSYNCD: 31.0\n#list\n'))
    const { modules, message, error } = await listing(dialogue)
    const details = {
      ...service.details,
      ...(message === undefined ? {} : { message }),
      ...(modules.length === 0 ? {} : { modules }),
      ...(error === undefined ? {} : { error }),
    }
    return Object.keys(details).length === 0 ? service : ({ ...service, details } satisfies Service)
  },
}

interface Listing {
  readonly modules: readonly string[]
  readonly message: string | undefined
  readonly error: string | undefined
}

/** The message of the day, whose lines look like anything, then a line for each module. */
async function listing(dialogue: Dialogue): Promise<Listing> {
  const modules: string[] = []
  const words: string[] = []
  let error: string | undefined
  for (let lines = 0; lines < MOST_LINES && modules.length < MOST_MODULES; lines += 1) {
    const text = await dialogue.receive(line())
    if (text === undefined || text.startsWith('@RSYNCD: EXIT')) break
    if (text.startsWith('@ERROR')) {
      error = told(text.replace(/^@ERROR:? ?/, ''))
      break
    }
    const module = moduleOf(text)
    if (module !== undefined) modules.push(module)
    else if (modules.length === 0) words.push(text)
  }
  return { modules, message: told(words.join(' ')), error }
}

/** The name comes first, filled up with blanks to 15 characters; then a tab and the module's comment. */
function moduleOf(text: string): string | undefined {
  const end = text.indexOf('\t')
  if (end < 15) return undefined
  const name = text.slice(0, end)
  return end > 15 && name.endsWith(' ') ? undefined : told(name)
}
