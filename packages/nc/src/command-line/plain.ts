import type { Family } from '@portkit/core'
import type { Settings } from '../settings.ts'

/** Words with a NUL between, which no word can contain: options, host, port. */
const CALL = /^((?:-[zn46]+\0|-[zn46]*w\0?\d{1,6}\0)+)([^-\0][^\0]*)\0([1-9]\d{0,4})$/
const TIMEOUT = /w\0?(\d+)/g
const HIGHEST_PORT = 65_535

interface Options {
  readonly letters: string
  readonly timeoutMs: number | undefined
}

/**
 * The settings of the call that scripts make again and again, `nc -z [-n46] [-w SECONDS] HOST PORT`, without the whole
 * reading of a command line, which would take longer than the check. undefined for every other command line.
 */
export function plainSettings(argv: readonly string[], name: string): Settings | undefined {
  const [, words = '', host = '', port] = CALL.exec(argv.join('\0')) ?? []
  const seconds = [...words.matchAll(TIMEOUT)].at(-1)?.[1]
  const letters = words.replace(TIMEOUT, '')
  if (!letters.includes('z') || Number(port) > HIGHEST_PORT) return undefined
  const timeoutMs = seconds === undefined ? undefined : 1000 * Number(seconds)
  return settingsOf(name, { kind: 'connect', host, ports: [Number(port)] }, { letters, timeoutMs })
}

function settingsOf(name: string, task: Settings['task'], { letters, timeoutMs }: Options): Settings {
  return {
    name,
    task,
    transport: 'tcp',
    family: familyOf(letters),
    numeric: letters.includes('n'),
    verbose: false,
    zero: true,
    keepListening: false,
    passDescriptor: false,
    session: {
      timeoutMs,
      intervalMs: 0,
      quitMs: undefined,
      shutdownAtEof: false,
      receiveLimit: undefined,
      readStdin: true,
      crlf: false,
      telnet: false,
    },
    socket: {},
    md5: false,
    source: undefined,
    sourcePort: undefined,
    proxy: undefined,
    exitCode: 'nc',
    honestUdp: false,
    json: false,
    waitMs: undefined,
    tls: undefined,
    hexDump: undefined,
    allow: [],
    deny: [],
    progress: false,
  }
}

/** The last letter counts. */
function familyOf(letters: string): Family | undefined {
  const at = Math.max(letters.lastIndexOf('4'), letters.lastIndexOf('6'))
  if (at === -1) return undefined
  return letters[at] === '4' ? 4 : 6
}
