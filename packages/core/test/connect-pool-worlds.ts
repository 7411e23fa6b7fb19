import { createServer, type Server } from 'node:net'
import type { Clock, ConnectPool, Net, PoolRequest } from '../src/io/io.ts'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { AF, SOCK } from '../src/io/kernel/layout.ts'
import { type Libc, loadLibc } from '../src/io/kernel/libc.ts'
import { readSockaddr, writeSockaddr } from '../src/io/kernel/sockaddr.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createNodeNet } from '../src/io/node/node-net.ts'
import type { LocalFault } from '../src/model/errors.ts'
import type { Address } from '../src/model/target.ts'
import { createConnectPool } from '../src/run/connect-pool.ts'
import { type Behaviour, simIo } from '../src/sim/sim.ts'

const libc = loadLibc()

/** Somewhere with an open, a closed and a silent port, and a net that goes there. */
export interface PoolWorld {
  readonly net: Net
  readonly clock: Clock
  readonly at: Address
  readonly open: number
  readonly closed: number
  /** Where nothing answers; there is none where the machine cannot make one. */
  readonly silent: number | undefined
  readonly ours: string
  /** An address that this machine does not have. */
  readonly notOurs: string
  end(): void
}

export const POOL_WORLDS: readonly (readonly [string, () => Promise<PoolWorld>, boolean])[] = [
  ['a pool of the kernel', () => loopback(createKernelNet(libc as Libc, nodeClock), 4), libc !== undefined],
  [
    'a pool of the kernel over IPv6',
    () => loopback(createKernelNet(libc as Libc, nodeClock), 6),
    libc !== undefined,
  ],
  ['a pool over node:net', () => loopback(createNodeNet(nodeClock), 4), true],
  ['a pool in the simulated world', async () => simulated('process'), true],
  ['a pool in the simulated world that tells all', async () => simulated('kernel'), true],
]

async function loopback(net: Net, family: 4 | 6): Promise<PoolWorld> {
  const at = { address: family === 4 ? '127.0.0.1' : '::1', family } as const
  const open = await listen(at.address)
  const closing = await listen(at.address)
  const closed = portOf(closing)
  await new Promise((resolve) => closing.close(resolve))
  const silent = libc === undefined ? undefined : fullListener(libc, at)
  const end = (): void => {
    open.close()
    silent?.end()
  }
  return {
    net,
    clock: nodeClock,
    at,
    open: portOf(open),
    closed,
    silent: silent?.port,
    ours: at.address,
    notOurs: family === 4 ? '203.0.113.77' : '2001:db8::77',
    end,
  }
}

async function listen(host: string): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy())
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, host, 2048, resolve))
  return server
}

function portOf(server: Server): number {
  return (server.address() as { port: number }).port
}

/** Linux drops the SYNs to a listener whose queue is full, and nobody ever takes anything out of this one. */
function fullListener(c: Libc, at: Address): { readonly port: number; end(): void } {
  const { at: memory, view } = c.allocate(64)
  const family = at.family === 4 ? AF.inet : AF.inet6
  const fds = [c.socket(family, SOCK.stream | SOCK.cloexec, 0)]
  const [listener = -1] = fds
  const length = writeSockaddr(view, 0, at, 0)
  view.setUint32(32, 28, true)
  const isListening =
    c.bind(listener, memory, length) === 0 &&
    c.listen(listener, 0) === 0 &&
    c.getsockname(listener, memory, memory + 32n) === 0
  const port = readSockaddr(view, 0)?.port
  if (!isListening || port === undefined) throw new Error(`no listener: ${c.errno()}`)
  for (let i = 0; i < 3; i++) {
    const fd = c.socket(family, SOCK.stream | SOCK.nonblock | SOCK.cloexec, 0)
    c.connect(fd, memory, length)
    fds.push(fd)
  }
  return { port, end: () => fds.forEach((fd) => void c.close(fd)) }
}

function simulated(clockName: 'kernel' | 'process'): PoolWorld {
  const ports: Record<string, Behaviour> = {
    '10.0.0.2:22': { does: 'accept', afterMs: 0.2 },
    '10.0.0.2:137': { does: 'drop' },
  }
  const io = simIo({ ports, clock: clockName })
  const at = { address: '10.0.0.2', family: 4 } as const
  const there = { net: io.net, clock: io.clock, at, open: 22, closed: 111, silent: 137 }
  return { ...there, ours: '10.0.0.1', notOurs: '203.0.113.77', end: () => {} }
}

/** A pool, and what it told, in the order of telling: `7 refused`. */
export function watchedPool({ net, clock }: Pick<PoolWorld, 'net' | 'clock'>, request: PoolRequest = {}) {
  const pool: ConnectPool = createConnectPool(net, clock, request)
  const told: string[] = []
  const faults: LocalFault[] = []
  const see = (tag: number, fact: { readonly kind: string }): void => void told.push(`${tag} ${fact.kind}`)
  const fail = (tag: number, fault: LocalFault): void => {
    told.push(`${tag} ${fault.code}`)
    faults.push(fault)
  }
  const silent = (tag: number): void => void told.push(`${tag} silent`)
  return {
    pool,
    told,
    faults,
    collect: () => pool.collect(see, fail),
    expire: (ageNs: number) => pool.expire(ageNs, see, silent, fail),
    /** Collects until so many were told. */
    async until(count: number): Promise<readonly string[]> {
      const { signal } = new AbortController()
      while (told.length < count) if (pool.collect(see, fail) === 0) await pool.ready(1000, signal)
      return told
    },
  }
}
