import { LocalFault } from '../model/errors.ts'
import { builtin } from './builtin.ts'
import type { Clock, ClockChoice, Io, Net, StandardInput, StandardOutput } from './io.ts'
import type { Late } from './node/late.ts'
import { nodeClock } from './node/node-clock.ts'
import { createNodeNet } from './node/node-net.ts'
import { nodeSystem } from './node/node-system.ts'
import { mayBeTerminal } from './node/output.ts'
import { createRandom } from './node/random.ts'
import { interruptedBySignals } from './node/signals.ts'
import type { Packets } from './packets.ts'
import type { Sockets } from './streams.ts'

/**
 * Sockets by system call on Linux with koffi, else through node:net. Rejects with LocalFault ENOTSUP when the kernel's
 * clock is asked for and cannot be had.
 */
export async function createNet(choice: ClockChoice, clock: Clock = nodeClock): Promise<Net> {
  const net = choice === 'process' ? undefined : (await import('./kernel/kernel-path.ts')).kernelNet(clock)
  if (net !== undefined) return net
  if (choice === 'kernel') {
    throw new LocalFault(
      'ENOTSUP',
      'the kernel clock needs Linux on x64 or arm64 and the optional package koffi',
    )
  }
  return createNodeNet(clock)
}

/** The real world for a command-line tool. Whatever is not used is neither loaded nor touched. */
export function createIo(): Io {
  const late = once(async () => (await import('./node/late.ts')).createLate())
  // From here on signals no longer end the process by themselves.
  const interrupted = once(interruptedBySignals)
  return {
    clock: nodeClock,
    openNet: (choice) => createNet(choice),
    sockets: lateSockets(late),
    packets: latePackets(),
    random: createRandom(),
    stdin: lateInput(late),
    stdout: lateOutput(late),
    dns: {
      lookup: async (host, family) =>
        (await import('./node/node-resolver.ts')).nodeResolver.lookup(host, family),
      reverse: async (address, signal) =>
        (await import('./node/node-resolver.ts')).nodeResolver.reverse(address, signal),
    },
    system: { ...nodeSystem, passDescriptor: async (fd) => (await late()).passDescriptor(fd) },
    openMatcher: async (patterns) => (await import('./node/pattern-matcher.ts')).createMatcher(patterns),
    get interrupted() {
      return interrupted()
    },
  }
}

type Load = () => Promise<Late>

function lateSockets(late: Load): Sockets {
  return {
    listenTcp: async (request) => (await late()).sockets.listenTcp(request),
    connectUdp: async (request) => (await late()).sockets.connectUdp(request),
    bindUdp: async (request) => (await late()).sockets.bindUdp(request),
    connectUnix: async (path) => (await late()).sockets.connectUnix(path),
    listenUnix: async (path) => (await late()).sockets.listenUnix(path),
    bindUnixDatagram: async (path) => (await late()).sockets.bindUnixDatagram(path),
    secure: async (...args) => (await late()).sockets.secure(...args),
    temporarySocketPath: async () => (await late()).sockets.temporarySocketPath(),
  }
}

function latePackets(): Packets {
  const packets = once(async () => (await import('./packets-io.ts')).createPackets(nodeClock))
  return {
    obstacle: async (backend) => (await packets()).obstacle(backend),
    open: async (request) => (await packets()).open(request),
    route: async (destination, way) => (await packets()).route(destination, way),
  }
}

function lateInput(late: Load): StandardInput {
  let opened: StandardInput | undefined
  let released = false
  return {
    get isTty() {
      return mayBeTerminal(0) && builtin<typeof import('node:tty')>('node:tty').isatty(0)
    },
    async read(most) {
      opened ??= (await late()).stdin
      return released ? undefined : opened.read(most)
    },
    release() {
      released = true
      opened?.release()
    },
  }
}

function lateOutput(late: Load): StandardOutput {
  let opened: StandardOutput | undefined
  return {
    async write(octets) {
      opened ??= (await late()).stdout
      return opened.write(octets)
    },
    // Where nobody can tell, nobody ever leaves.
    gone: async () => (await late()).stdout.gone?.() ?? new Promise(() => {}),
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
