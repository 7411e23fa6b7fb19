import { type ByteSource, StreamFault } from '@portkit/core'
import { crlfPieces, endsInCr, toCrlf } from './crlf.ts'
import { endsLine, lines } from './pacing.ts'
import type { Run } from './session-run.ts'

/** What nc reads at once: it shows as the size of datagrams and as the unit of `-C` and `-W`. Octets. */
export const NC_READ = 16_384
export const BULK_READ = 131_072
/** After so many reads in a row everything else has its turn, should neither end ever have to wait. */
export const TURN_READS = 64
/** Octets that come without a pause are one buffer to nc, in however many reads. */
const SAME_BUFFER_NS = 1e6

/** Carries standard input to the network until one of the two is gone. Never rejects. */
export async function sendAll(run: Run): Promise<void> {
  const { input, settings, ends } = run
  if (input === undefined) return
  const byLine = settings.intervalMs > 0 || (settings.crlf && ends.datagrams)
  if (byLine || settings.crlf) return sendLines(run, input, byLine)
  return sendChunks(run, input, ends.datagrams ? NC_READ : BULK_READ)
}

async function sendChunks(run: Run, input: ByteSource, most: number): Promise<void> {
  for (let count = 1; ; count++) {
    const octets = await readInput(run, input, most)
    if (octets === undefined) return
    try {
      await send(run, octets)
    } catch (fault) {
      return failed(run, fault)
    }
    sent(run)
    if (count % TURN_READS === 0) await run.clock.sleep(0)
  }
}

/** `-C` and `-i`. With `byLine` each line goes out by itself, as from nc. */
async function sendLines(run: Run, input: ByteSource, byLine: boolean): Promise<void> {
  let afterCr = false
  for (;;) {
    const askedNs = run.clock.nowNs()
    const octets = await readInput(run, input, NC_READ)
    if (octets === undefined) return
    if (run.clock.nowNs() - askedNs > SAME_BUFFER_NS) afterCr = false
    try {
      if (byLine) await sendEach(run, octets, afterCr)
      else await send(run, toCrlf(octets, afterCr))
    } catch (fault) {
      return failed(run, fault)
    }
    afterCr = endsInCr(octets)
    sent(run)
  }
}

/** One line after the other, with `-i`'s pause after each that is complete, the last one too. */
async function sendEach(run: Run, octets: Uint8Array, afterCr: boolean): Promise<void> {
  const { crlf, intervalMs } = run.settings
  let first = true
  for (const line of lines(octets)) {
    for (const piece of crlf ? crlfPieces(line, first && afterCr) : [line]) await send(run, piece)
    first = false
    if (intervalMs === 0 || !endsLine(line)) continue
    run.moved(intervalMs)
    await run.clock.sleep(intervalMs, run.signal)
  }
}

/** The next octets; undefined when there are none or nobody wants them any more: those are for the next session. */
async function readInput(run: Run, input: ByteSource, most: number): Promise<Uint8Array | undefined> {
  for (;;) {
    const octets = await run.read(input, most).catch(() => undefined)
    if (octets === undefined) run.inputEnded = true
    if (run.over || !run.states.input) return undefined
    run.take(input)
    run.states.sending = octets !== undefined && octets.length > 0
    if (octets === undefined) run.lose('input')
    // An empty write would be an empty datagram.
    if (octets?.length !== 0) return octets
  }
}

function send(run: Run, octets: Uint8Array): Promise<void> {
  run.ends.watch?.('sent', octets)
  return run.write(octets)
}

function sent(run: Run): void {
  run.states.sending = false
  run.states.stirred = true
  run.moved()
  run.settle()
}

/** Refusals heard on a datagram socket end both directions; else what the peer sent before can still be read. */
const REFUSALS = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ECONNRESET'])

function failed(run: Run, fault: unknown): void {
  run.states.sending = false
  const refused = run.ends.datagrams && fault instanceof StreamFault && REFUSALS.has(fault.code)
  if (refused) run.lose('netIn', 'netOut')
  else run.lose('netOut')
}
