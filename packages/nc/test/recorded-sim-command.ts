import type { RecordedCase, RecordedPeer } from './recorded-cases.ts'

type Redirection = 'no stdin' | 'full stdout'

/** What a shell does by itself to the tool's streams. */
const REDIRECTIONS: Readonly<Record<string, Redirection>> = {
  ' <&-': 'no stdin',
  ' >/dev/full': 'full stdout',
}

/** A command line that needs nothing but the tool. */
export interface SimCommand {
  /** The name it is started under. */
  readonly name: string
  readonly argv: readonly string[]
  readonly redirected: Redirection | undefined
}

/** A program that calls a listener, or sends to it, after a while: `sleep 0.5; NC -N 127.0.0.1 4000`. */
export interface SimCaller {
  readonly afterSeconds: number
  readonly argv: readonly string[]
}

const SPECIAL = /[|&;<>()$`"\\*?]/

/** Undefined where a shell, or another program, would have a part in it. */
export function commandOf(text: string): SimCommand | undefined {
  const redirection = Object.keys(REDIRECTIONS).find((each) => text.endsWith(each)) ?? ''
  const [first = '', ...argv] = shellWords(text.slice(0, text.length - redirection.length)) ?? []
  const name = { NC: 'nc', 'NC.openbsd': 'nc.openbsd' }[first]
  return name === undefined ? undefined : { name, argv, redirected: REDIRECTIONS[redirection] }
}

export function callerOf({ verb, args: [line = ''] }: RecordedPeer): SimCaller | undefined {
  const [, sleeps = '', command = ''] = /^((?:sleep [\d.]+; )+)(.*)$/.exec(line) ?? []
  const argv = verb === 'sh' ? commandOf(command)?.argv : undefined
  if (argv === undefined) return undefined
  const seconds = [...sleeps.matchAll(/[\d.]+/g)].map(([each]) => Number(each))
  return { afterSeconds: seconds.reduce((sum, each) => sum + each, 0), argv }
}

/** Port that another program, `NC -l PORT` or a server, holds beside the tool. */
export function heldPort({ place, verb, args }: RecordedPeer): string | undefined {
  if (place !== 'probe') return undefined
  return verb === 'http' ? args[0] : /^NC -l (\d+)$/.exec(args[0] ?? '')?.[1]
}

/** What a single recorded run needs of real sockets, by its name. */
const SINGLE: Readonly<Record<string, string>> = {
  'p-again': 'a port that an ended connection still holds',
  'p-range': 'a port that an ended connection still holds',
  'l-inuse-nc': 'two listeners on one port',
  'lu-z-client': 'a race that only real time decides',
  'U-dgram': 'a race that only real time decides',
}

/** Why a run is not for the simulated world; undefined where it is. */
export function leftOut(run: RecordedCase): string | undefined {
  if (run.input.kind === 'tty') return 'a terminal'
  if (run.peers.some(({ verb }) => verb === 'sniffer')) return 'packets on a wire'
  const command = commandOf(run.command)
  if (command === undefined) return 'a shell or another program around the tool'
  const listens = command.argv.some((word) => /^-\w*[lu]/.test(word))
  if (listens && run.options.length > 0) return 'what the kernel is told of a listener or of datagrams'
  return SINGLE[run.id]
}

/** Words of a command line that has nothing but quotes; undefined for any other. */
function shellWords(line: string): readonly string[] | undefined {
  const words = line.match(/(?:'[^']*'|[^\s'])+/g) ?? []
  if (SPECIAL.test(line.replaceAll(/'[^']*'/g, ''))) return undefined
  return words.map((word) => word.replaceAll("'", ''))
}
