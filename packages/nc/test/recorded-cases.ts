import { scriptOf, unescaped, words } from './recorded-words.ts'

/** What a program finds on its standard input. Waits are in seconds. */
export type InputStep =
  | { readonly kind: 'wait'; readonly seconds: number }
  | { readonly kind: 'write'; readonly octets: Uint8Array }

/** `open` and the end of a terminal's script keep the other side open for as long as the program runs. */
export type RecordedInput =
  | { readonly kind: 'null' }
  | { readonly kind: 'pipe'; readonly steps: readonly InputStep[]; readonly end: 'eof' | 'open' }
  | { readonly kind: 'tty'; readonly steps: readonly InputStep[] }

/** `running`: it had to be killed when its time was up. */
export type RecordedExit =
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'signal'; readonly signal: number }
  | { readonly kind: 'running' }

export type Place = 'probe' | 'target'

/** Another program beside the tool. `verb` is one of a table of helpers, or `sh` with a command line. */
export interface RecordedPeer {
  readonly name: string
  readonly place: Place
  readonly verb: string
  /** For `sh` one element: the command line. */
  readonly args: readonly string[]
  readonly input: RecordedInput
  /** Undefined when nothing was recorded about its end. */
  readonly exit: RecordedExit | undefined
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** What a helper has to tell, a line each, such as `0.5 got 'hello\n'` (seconds since accept). */
  readonly events: readonly string[]
}

/** One run of OpenBSD nc 1.219 (Debian), with the world around it. */
export interface RecordedCase {
  readonly id: string
  readonly section: string
  readonly note: string
  readonly place: Place
  /** A shell command to be run before. */
  readonly before: string | undefined
  /** `net/ipv4/NAME=VALUE` in the tool's namespace. */
  readonly sysctl: string | undefined
  /** What differs from run to run: the order of lines, the port listened on, or how often something is repeated. */
  readonly vary: 'order' | 'port' | 'count' | undefined
  /** For sh(1). The word NC stands for the tool, FDRECV for the program that is passed a descriptor. */
  readonly command: string
  readonly input: RecordedInput
  readonly exit: RecordedExit
  /** How long it took; where `exit` is `running`, how long it was watched. */
  readonly seconds: number
  /** On a terminal both outputs are here, as the terminal shows them. */
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** Socket options and addresses that the kernel is told: `IP_TOS 16`, `bind 10.77.0.11 45000`. */
  readonly options: readonly string[]
  readonly peers: readonly RecordedPeer[]
}

type Line = { readonly sign: string; readonly text: string }

const PEER_LINE = /^([a-z]\w*)([|!?>]~?)(?: (.*))?$/
const LINE = /^([="@%$<?|!o]~?)(?: (.*))?$/

/**
 * Reads a file of recorded runs (their form is in `recorded/README.md`).
 * @throws {Error} on a line that it does not know
 */
export function readCases(text: string): readonly RecordedCase[] {
  const [title = '', ...blocks] = text.trimEnd().split(/\n\n(?==)/)
  const section = /^# (.*)$/.exec(title)?.[1]
  if (section === undefined) throw new Error('the first line gives the section: # TITLE')
  return blocks.map((block) => readCase(section, block))
}

function readCase(section: string, block: string): RecordedCase {
  const lines = block.split('\n')
  const about = lines.filter((line) => !PEER_LINE.test(line) || line.startsWith('o ')).map(lineOf)
  const id = only(about, '=', block)
  const [exit, seconds] = only(about, '?', id).split(/ (?=[\d.]+s$)/)
  const settings = new Map(all(about, '%').map((line) => splitOnce(line)))
  return {
    id,
    section,
    note: all(about, '"').join(' '),
    place: placeOf(settings.get('in') ?? 'probe'),
    before: settings.get('before'),
    sysctl: settings.get('sysctl'),
    vary: varyOf(settings.get('vary')),
    command: only(about, '$', id),
    input: inputOf(all(about, '<')[0]),
    exit: exitOf(exit ?? ''),
    seconds: Number.parseFloat(seconds ?? ''),
    stdout: outputOf(about, '|'),
    stderr: outputOf(about, '!'),
    options: all(about, 'o'),
    peers: peersOf(all(about, '@'), lines),
  }
}

function varyOf(text: string | undefined): RecordedCase['vary'] {
  if (text === undefined || text === 'order' || text === 'port' || text === 'count') return text
  throw new Error(`this cannot vary: ${text}`)
}

function lineOf(line: string): Line {
  const match = LINE.exec(line)
  if (match === null) throw new Error(`recorded line not understood: ${line}`)
  return { sign: match[1] ?? '', text: match[2] ?? '' }
}

function all(lines: readonly Line[], sign: string): readonly string[] {
  return lines.filter((line) => line.sign === sign).map(({ text }) => text)
}

function only(lines: readonly Line[], sign: string, where: string): string {
  const [found, ...more] = all(lines, sign)
  if (found === undefined || more.length > 0) throw new Error(`one line ${sign} is needed: ${where}`)
  return found
}

/** A line of the sign `|~` is the last one and has no line end. */
function outputOf(lines: readonly Line[], sign: string): Uint8Array {
  const whole = lines.filter((line) => line.sign === sign || line.sign === `${sign}~`)
  const parts = whole.map((line) => [unescaped(line.text), Buffer.from(line.sign === sign ? '\n' : '')])
  return Buffer.concat(parts.flat())
}

/** `NAME [PLACE] VERB ARGS…` starts a peer, `NAME < SCRIPT` is its input. */
function peersOf(described: readonly string[], lines: readonly string[]): readonly RecordedPeer[] {
  const inputs = new Map(described.filter((line) => / < /.test(line)).map((line) => splitInput(line)))
  return described.flatMap((line) => {
    const match = /^(\w+) \[(\w+)\] (\w+) ?(.*)$/.exec(line)
    if (match === null) return []
    const [, name = '', place = '', verb = '', rest = ''] = match
    const said = lines.map((each) => PEER_LINE.exec(each)).filter((each) => each?.[1] === name)
    const own = said.map((each) => ({ sign: each?.[2] ?? '', text: each?.[3] ?? '' }))
    const exit = all(own, '?')[0]
    return {
      name,
      place: placeOf(place),
      verb,
      args: verb === 'sh' ? [rest] : words(rest),
      input: inputOf(inputs.get(name)),
      exit: exit === undefined ? undefined : exitOf(exit),
      stdout: outputOf(own, '|'),
      stderr: outputOf(own, '!'),
      events: all(own, '>'),
    }
  })
}

function splitInput(line: string): readonly [string, string] {
  const [, name = '', script = ''] = /^(\w+) < (.*)$/.exec(line) ?? []
  return [name, script]
}

function splitOnce(line: string): readonly [string, string] {
  const at = line.indexOf(' ')
  return [line.slice(0, at), line.slice(at + 1)]
}

function placeOf(text: string): Place {
  if (text !== 'probe' && text !== 'target') throw new Error(`no such place: ${text}`)
  return text
}

function inputOf(script: string | undefined): RecordedInput {
  if (script === undefined) return { kind: 'null' }
  const tty = script.startsWith('tty')
  const { steps, end } = scriptOf(tty ? script.slice(4) : script)
  if (tty) return { kind: 'tty', steps }
  if (end === undefined) throw new Error(`an input ends with eof or open: ${script}`)
  return { kind: 'pipe', steps, end }
}

function exitOf(text: string): RecordedExit {
  if (text === 'running') return { kind: 'running' }
  const [, signal, number = ''] = /^(signal )?(\d+)$/.exec(text) ?? []
  if (number === '') throw new Error(`no such exit: ${text}`)
  return signal === undefined
    ? { kind: 'status', status: Number(number) }
    : { kind: 'signal', signal: Number(number) }
}
