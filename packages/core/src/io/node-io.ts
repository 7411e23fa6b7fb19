import { LocalFault } from '../model/errors.ts'
import type { Clock, ClockChoice, Io, Net } from './io.ts'
import { createKernelNet } from './kernel/kernel-net.ts'
import { loadLibc } from './kernel/libc.ts'
import { nodeClock } from './node/node-clock.ts'
import { createNodeNet } from './node/node-net.ts'
import { nodeResolver } from './node/node-resolver.ts'
import { nodeSystem } from './node/node-system.ts'
import { interruptedBySignals } from './node/signals.ts'
import { keepMemorySmall } from './node/small-memory.ts'

/**
 * Sockets by system call on Linux with koffi, else through node:net.
 * @throws LocalFault ENOTSUP when the kernel's clock is asked for and cannot be had
 */
export function createNet(choice: ClockChoice, clock: Clock = nodeClock): Net {
  const libc = choice === 'process' ? undefined : loadLibc()
  if (libc !== undefined) return createKernelNet(libc, clock)
  if (choice === 'kernel') {
    throw new LocalFault(
      'ENOTSUP',
      'the kernel clock needs Linux on x64 or arm64 and the optional package koffi',
    )
  }
  return createNodeNet(clock)
}

/** From here on a run counts as a long one. */
const LONG_RUN_MS = 1000

/** The real world for a command-line tool: signals are caught from here on, sockets come with the first `openNet`. */
export function createIo(): Io {
  // A short run needs no such care, and loading the module would slow its start.
  setTimeout(keepMemorySmall, LONG_RUN_MS).unref()
  return {
    clock: nodeClock,
    openNet: (choice) => createNet(choice),
    dns: nodeResolver,
    system: nodeSystem,
    interrupted: interruptedBySignals(),
  }
}
