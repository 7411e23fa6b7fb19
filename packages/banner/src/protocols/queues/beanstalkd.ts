import type { Reader } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'

const MOST = 8192
const UNKNOWN = 'UNKNOWN_COMMAND\r\n'
const STATS = new TextEncoder().encode('stats\r\n')

/** Beanstalkd (its protocol.txt): `stats` gives a list in YAML, and every other word is unknown to it. */
export const beanstalkd: Protocol = {
  name: 'beanstalkd',
  ports: { tcp: [11_300] },
  probe: () => STATS.slice(),
  detect(octets, { ended }) {
    const more = ended ? undefined : 'more'
    const begin = latin1(octets.subarray(0, UNKNOWN.length))
    if (begin === UNKNOWN) return { protocol: 'beanstalkd' }
    if (UNKNOWN.startsWith(begin)) return more
    const answer = stats(octets, ended)
    return answer === 'more' ? more : answer?.value
  },
  async ask(service, dialogue) {
    if (service.version !== undefined) return service
    await dialogue.send(STATS.slice())
    return (await dialogue.receive(statsBehindErrors)) ?? service
  },
}

/** `OK 923`, and as many octets of YAML. */
const stats: Reader<Service> = (octets) => {
  const head = latin1(octets.subarray(0, 60))
  if (!/^(?:O|OK(?: \d{0,5}(?:\r\n?)?)?)?$/.test(head.slice(0, head.indexOf('\n') + 1 || 10)))
    return undefined
  const [all, digits] = /^OK (\d{1,5})\r\n/.exec(head) ?? []
  if (all === undefined) return octets.length < 10 ? 'more' : undefined
  const length = all.length + Number(digits) + 2
  const text = latin1(octets.subarray(all.length, Math.min(length, MOST)))
  if (length > MOST || !text.startsWith(FIRST.slice(0, text.length))) return undefined
  return octets.length < length ? 'more' : { value: fromStats(text), length }
}

const FIRST = '---\ncurrent-jobs-'

const statsBehindErrors: Reader<Service> = (octets, ended) => {
  let at = 0
  while (at < MOST && latin1(octets.subarray(at, at + UNKNOWN.length)) === UNKNOWN) at += UNKNOWN.length
  const rest = octets.subarray(at)
  if (UNKNOWN.startsWith(latin1(rest))) return 'more'
  const taken = stats(rest, ended)
  return taken === undefined || taken === 'more' ? taken : { value: taken.value, length: at + taken.length }
}

/** Lines of `name: value`, in later versions with quotes around values. */
function fromStats(text: string): Service {
  const value = (name: string): string | undefined => {
    const [, found] = new RegExp(`\\n${name}: "?([^"\\n]{1,200})`).exec(text) ?? []
    return told(found)
  }
  const [version, os, hostname] = ['version', 'os', 'hostname'].map(value)
  return {
    protocol: 'beanstalkd',
    product: 'Beanstalkd',
    ...(version === undefined ? {} : { version }),
    ...(os === undefined ? {} : { os }),
    ...(hostname === undefined ? {} : { hostname }),
  }
}
