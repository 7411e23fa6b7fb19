import type { RecordedCase, RecordedExit, RecordedPeer } from './recorded-cases.ts'
import type { Outcome, PeerOutcome } from './recorded-run.ts'

/** An outcome without what varies from run to run, as text that a person can compare. */
export interface Comparable {
  readonly exit: string
  readonly stdout: string
  readonly stderr: string
  readonly options: string
  readonly peers: Readonly<Record<string, ComparablePeer>>
}

interface ComparablePeer {
  readonly exit: string
  readonly stdout: string
  readonly stderr: string
  readonly events: string
}

/** Two times that should be the same may differ by so much on a busy machine: seconds. */
const SLACK = { event: 0.6, early: 0.5, late: 3 }

/** What the times of a run are held against. */
interface Times {
  readonly seconds: number
  readonly peers: Readonly<Record<string, Pick<PeerOutcome, 'events'>>>
}

const TOGETHER_S = 0.25

const PIECE = /^(\d+\.\d+) got '(.*)'$/

export function comparable(run: RecordedCase, outcome: Outcome): Comparable {
  const vary = (text: string): string => varied(run, text)
  const peers = Object.entries(outcome.peers).map(([name, peer]) => [name, comparablePeer(run, name, peer)])
  return {
    exit: exitText(outcome.exit),
    stdout: vary(textOf(outcome.stdout, run.input.kind === 'tty')),
    stderr: vary(textOf(outcome.stderr, false)),
    options: outcome.options.filter((option) => run.options.includes(option)).join('\n'),
    peers: Object.fromEntries(peers),
  }
}

/** What was recorded, in the same form. A peer that was cut off then is told apart by its exit. */
export function comparableRecord(run: RecordedCase): Comparable {
  const peers = run.peers.map(({ name, exit, stdout, stderr, events }) => {
    const outcome = { exit: exit ?? ({ kind: 'running' } as const), stdout, stderr, events }
    return [name, comparablePeer(run, name, outcome)]
  })
  return {
    exit: exitText(run.exit),
    stdout: varied(run, textOf(run.stdout, false)),
    stderr: varied(run, textOf(run.stderr, false)),
    options: run.options.join('\n'),
    peers: Object.fromEntries(peers),
  }
}

/**
 * Makes the peers of `seen` as short as they were in `record` when the recording cut them off, and leaves out how they
 * ended: what came later nobody saw.
 */
export function cutAsRecorded(seen: Comparable, record: Comparable): Comparable {
  const peers = Object.entries(seen.peers).map(([name, peer]) => {
    const then = record.peers[name]
    if (then?.exit !== 'running') return [name, peer]
    const part = (now: string, before: string): string => (now.startsWith(before) ? before : now)
    return [
      name,
      {
        exit: 'running',
        stdout: part(peer.stdout, then.stdout),
        stderr: part(peer.stderr, then.stderr),
        events: part(peer.events, then.events),
      },
    ]
  })
  return { ...seen, peers: Object.fromEntries(peers) }
}

/** What is wrong with the times of a run beside those of another; empty when they agree. */
export function timeFaults(
  run: RecordedCase,
  ours: Outcome,
  theirs: Times,
  slack = SLACK,
): readonly string[] {
  const faults: string[] = []
  const { seconds } = ours
  const early = seconds < theirs.seconds - slack.early
  if (run.vary !== 'count' && (early || seconds > theirs.seconds + slack.late))
    faults.push(`took ${seconds.toFixed(1)} s instead of ${theirs.seconds.toFixed(1)} s`)
  for (const [name, peer] of Object.entries(ours.peers)) {
    const recorded = run.peers.find((each) => each.name === name)
    const others = stamps(whole(recorded, theirs.peers[name]?.events ?? []))
    const late = stamps(whole(recorded, peer.events)).some(
      (at, i) => Math.abs(at - (others[i] ?? at)) > slack.event,
    )
    if (late)
      faults.push(`${name}: ${peer.events.join('; ')} instead of ${theirs.peers[name]?.events.join('; ')}`)
  }
  return faults
}

function comparablePeer(
  run: RecordedCase,
  name: string,
  peer: Omit<PeerOutcome, 'stdout' | 'stderr'> & { readonly stdout: Uint8Array; readonly stderr: Uint8Array },
): ComparablePeer {
  // The helpers' own end is no finding, nor that of a program which only the recording's end would have stopped.
  const recorded = run.peers.find((each) => each.name === name)
  const ends = recorded?.verb === 'sh' && recorded.exit?.kind !== 'running'
  return {
    exit: ends || recorded?.verb === 'server' ? exitText(peer.exit) : 'running',
    stdout: masked(textOf(peer.stdout, false)),
    stderr: masked(textOf(peer.stderr, false)),
    events: whole(recorded, peer.events)
      .map((event) => event.replace(/^\d+\.\d+ /, ''))
      .join('\n'),
  }
}

/** TCP keeps no borders: what a server read at one time is one piece. */
function whole(peer: RecordedPeer | undefined, events: readonly string[]): readonly string[] {
  if (peer?.verb !== 'server') return events
  const joined: string[] = []
  for (const event of events) {
    const [, at = '', text] = PIECE.exec(event) ?? []
    const [, since = '', before] = PIECE.exec(joined.at(-1) ?? '') ?? []
    const together = text !== undefined && before !== undefined && Number(at) - Number(since) < TOGETHER_S
    if (together) joined.pop()
    joined.push(together ? `${since} got '${before}${text}'` : event)
  }
  return joined
}

function stamps(events: readonly string[]): readonly number[] {
  return events.flatMap((event) => {
    const stamp = /^(\d+\.\d+) /.exec(event)?.[1]
    return stamp === undefined ? [] : [Number(stamp)]
  })
}

function exitText(exit: RecordedExit): string {
  switch (exit.kind) {
    case 'status':
      return String(exit.status)
    case 'signal':
      return `signal ${exit.signal}`
    case 'running':
      return 'running'
  }
}

/** Latin-1, so that every octet is one sign; a terminal puts CR before each LF. */
function textOf(octets: Uint8Array, throughTerminal: boolean): string {
  const text = Buffer.from(octets).toString('latin1')
  return throughTerminal ? text.replaceAll('\r\n', '\n') : text
}

function varied(run: RecordedCase, text: string): string {
  const sorted =
    run.vary === 'order'
      ? text
          .split(/(?<=\n)/)
          .sort()
          .join('')
      : text
  const port = run.vary === 'port' ? sorted.replaceAll(/(?<=Listening on \S+ )\d+/g, 'PORT') : sorted
  const plain = masked(port)
  return run.vary === 'count' ? plain.replaceAll(/(.)\1+/g, '$1') : plain
}

/** A client's own port, and names of temporary sockets. */
function masked(text: string): string {
  return text
    .replaceAll(/(?<=Connection received on \S+ )\d+/g, 'PORT')
    .replaceAll(/\/tmp\/nc[\w.-]*[-.]\w{6}\//g, '/tmp/nc-XXXXXX/')
}
