import { StreamFault } from '@portkit/core'
import { BULK_READ, NC_READ, TURN_READS } from './send.ts'
import type { Run } from './session-run.ts'
import { telnetAnswers } from './telnet.ts'

/** How long a reset connection may take to hand over what had come before. Milliseconds. */
const LAST_OCTETS_MS = 10
/** A fault of the network or the output: no messages, as from nc. */
const GONE = Symbol('gone')
const gone = (): typeof GONE => GONE

/** Carries what the network sends to standard output until one of the two is gone. Never rejects. */
export async function receiveAll(run: Run): Promise<void> {
  const { ends, settings } = run
  const asNc = settings.telnet || ends.datagrams || settings.receiveLimit !== undefined
  const most = asNc ? NC_READ : BULK_READ
  for (let count = 1; run.states.netIn; count++) {
    const octets = await readNetwork(run, most)
    if (octets === undefined) return
    ends.watch?.('received', octets)
    if (settings.telnet) await answer(run, octets)
    const written = await ends.output.write(octets).catch(gone)
    run.states.printing = false
    if (written === GONE) return run.lose('output')
    run.states.stirred = true
    run.moved()
    run.settle()
    if (count % TURN_READS === 0) await run.clock.sleep(0)
  }
}

/** Both directions of a broken connection are gone, but what came before is still written. Also hears of the output. */
export function watchBreaks(run: Run): void {
  void run.ends.net.broken.then(() => {
    run.lose('netOut')
    return endBroken(run)
  })
  void run.ends.outputGone?.then(() => run.lose('output'))
}

async function endBroken(run: Run): Promise<void> {
  for (let reads = -1; !run.over && run.states.netIn; ) {
    if (reads === run.reads && !run.states.printing) return run.lose('netIn')
    reads = run.reads
    await run.clock.sleep(LAST_OCTETS_MS, run.signal).catch(() => {})
  }
}

/** The next octets; undefined when there are none or nobody wants them. An empty datagram is the end, as in nc. */
async function readNetwork(run: Run, most: number): Promise<Uint8Array | undefined> {
  const { net } = run.ends
  const octets = await run.read(net, most).catch(gone)
  if (run.over || !run.states.netIn) return undefined
  run.take(net)
  if (octets === GONE) run.lose('netIn', 'netOut')
  else if (octets === undefined || (octets.length === 0 && run.ends.datagrams)) {
    countRead(run)
    run.lose('netIn')
  } else {
    run.states.printing = true
    countRead(run)
    return octets
  }
  return undefined
}

/** `-W`: after the last read both inputs are gone; what was read is still written. The end counts as a read, as in nc. */
function countRead(run: Run): void {
  run.reads += 1
  run.moved()
  const { receiveLimit } = run.settings
  if (receiveLimit === undefined || run.reads < receiveLimit) return
  run.states.netIn = false
  run.states.input = false
}

/**
 * nc waits until its answers are sent before it goes on, which also keeps memory bounded. After the last read of `-W`
 * it has let go of the socket and fails with EBADF.
 */
async function answer(run: Run, octets: Uint8Array): Promise<void> {
  for (const reply of telnetAnswers(octets)) {
    if (run.over) return
    try {
      if (!run.states.netIn) throw new StreamFault('EBADF')
      run.ends.watch?.('sent', reply)
      await run.write(reply)
    } catch (fault) {
      await warn(run, fault instanceof StreamFault ? fault.code : 'EIO')
    }
  }
}

/** A peer that asks on and on is heard no faster than the warnings are written. */
async function warn(run: Run, code: string): Promise<void> {
  try {
    await run.ends.answerFailed?.(code)
  } catch {
    // Nobody listens any more: the whole run is being ended.
  }
}
