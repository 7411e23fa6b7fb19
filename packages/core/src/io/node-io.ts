import { LocalFault } from '../model/errors.ts'
import type { Clock, ClockChoice, Io, Net, StandardInput } from './io.ts'
import { createKernelNet } from './kernel/kernel-net.ts'
import { createKernelSockets, type KernelSockets } from './kernel/kernel-sockets.ts'
import { loadLibc } from './kernel/libc.ts'
import { nodeClock } from './node/node-clock.ts'
import { createNodeNet } from './node/node-net.ts'
import { nodeResolver } from './node/node-resolver.ts'
import { nodeSystem } from './node/node-system.ts'
import { interruptedBySignals } from './node/signals.ts'
import { keepMemorySmall } from './node/small-memory.ts'
import { createNodeSockets } from './node/sockets.ts'
import { standardInput, standardOutput } from './node/stdio.ts'
import type { ByteSink, Sockets } from './streams.ts'

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
const STDOUT = 1

/** The real world for a command-line tool. Whatever is not used is neither loaded nor touched. */
export function createIo(): Io {
  // A short run needs no such care, and loading the module would slow its start.
  setTimeout(keepMemorySmall, LONG_RUN_MS).unref()
  const kernel = once(kernelSockets)
  const sockets = once((): Sockets => createNodeSockets(kernel, loadLibc))
  const stdin = once((): StandardInput => standardInput())
  const stdout = once((): ByteSink => standardOutput())
  // From here on signals no longer end the process by themselves.
  const interrupted = once(interruptedBySignals)
  return {
    clock: nodeClock,
    openNet: (choice) => createNet(choice),
    dns: nodeResolver,
    system: { ...nodeSystem, passDescriptor: async (descriptor) => pass(kernel(), descriptor) },
    get sockets() {
      return sockets()
    },
    get stdin() {
      return stdin()
    },
    get stdout() {
      return stdout()
    },
    get interrupted() {
      return interrupted()
    },
  }
}

function kernelSockets(): KernelSockets | undefined {
  const libc = loadLibc()
  return libc && createKernelSockets(libc)
}

function pass(kernel: KernelSockets | undefined, descriptor: number): Promise<void> {
  if (kernel !== undefined) return kernel.passDescriptor(descriptor, STDOUT)
  throw new LocalFault('ENOTSUP', 'passing a descriptor needs Linux and the optional package koffi')
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
