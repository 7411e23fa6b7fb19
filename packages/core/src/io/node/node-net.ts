import type { NetConnectOpts, Socket, TcpNetConnectOpts } from 'node:net'
import { LocalFault } from '../../model/errors.ts'
import type { Handshake, UnreachableCode } from '../../model/observation.ts'
import { formatEndpoint } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import type { Attempt, Clock, ConnectAnswer, ConnectFact, Connection, ConnectRequest, Net } from '../io.ts'
import { localFault } from '../local-fault.ts'
import { type ByteSocket, createByteSocket } from './byte-stream.ts'
import { refuseSettings } from './refuse-settings.ts'

/** A SYN that was lost is sent again after one second (RFC 6298 section 2): a later answer may be the second one's. */
const RESEND_NS = 1e9
const WARM_UPS = 3
const nodeNet = () => builtin<typeof import('node:net')>('node:net')

/** Connects through node:net, on any system; its clock is the process's. */
export function createNodeNet(clock: Clock): Net {
  const net: Net = {
    clock: 'process',
    connect: (request) => start(clock, request),
    tls: async (connection, options, signal) =>
      (await import('../tls.ts')).tlsHandshake(connection, options, clock, signal),
    warmUp: () => warmUp(net),
  }
  return net
}

/** Runs the whole path against a listener of our own on loopback, so that nothing is compiled within a measurement. */
async function warmUp(net: Net): Promise<void> {
  const server = nodeNet().createServer((socket) => socket.on('error', () => {}).destroy())
  server.unref()
  try {
    const port = await new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port))
    })
    for (let i = 0; i < WARM_UPS; i++) {
      await net.connect({ address: '127.0.0.1', family: 4, port, close: 'rst' }).answer
    }
  } catch {
    // Without a loopback listener the first probe is merely less exact.
  } finally {
    server.close()
  }
}

function start(clock: Clock, request: ConnectRequest): Attempt {
  refuseWhatNodeCannot(request)
  // Reading octets has to be prepared before the connection stands.
  const bytes = request.keep === 'bytes' ? createByteSocket() : undefined
  const socket = bytes?.socket ?? new (nodeNet().Socket)({ allowHalfOpen: true })
  let startNs = clock.nowNs()
  let connected = false
  socket.once('connectionAttempt', () => {
    startNs = clock.nowNs()
  })
  const answer = new Promise<ConnectAnswer>((resolve, reject) => {
    socket.once('connect', () => {
      connected = true
      const fact = handshake(timed(clock.nowNs() - startNs), socket, false)
      resolve(answerOf(socket, bytes, request, fact))
    })
    socket.once('error', (error: NodeJS.ErrnoException) => {
      const elapsedNs = clock.nowNs() - startNs
      socket.on('error', () => {}).destroy()
      try {
        resolve({ fact: factOf(error, elapsedNs, socket, request) })
      } catch (fault) {
        reject(fault)
      }
    })
    socket.connect(optionsOf(request))
  })
  return {
    answer,
    abandon() {
      // A connection that was kept belongs to whoever asked for it.
      if (!connected) socket.on('error', () => {}).destroy()
      return { syns: undefined }
    },
  }
}

function refuseWhatNodeCannot(request: ConnectRequest): void {
  if (request.interfaceName !== undefined) {
    const why = "choosing an interface needs the kernel's clock: Linux and the optional package koffi"
    throw new LocalFault('ENOTSUP', why, 'interfaceName')
  }
  refuseSettings(request)
}

function optionsOf(r: ConnectRequest): NetConnectOpts {
  const options: TcpNetConnectOpts = {
    host: r.address,
    port: r.port,
    family: r.family,
    autoSelectFamily: false,
  }
  if (r.sourceAddress !== undefined) options.localAddress = r.sourceAddress
  if (r.sourcePort !== undefined) options.localPort = r.sourcePort
  return options
}

type Times = Pick<Handshake, 'rttNs' | 'clock' | 'elapsedNs' | 'syns'>

function timed(elapsedNs: number): Times {
  const sure = elapsedNs < RESEND_NS
  return { rttNs: sure ? elapsedNs : undefined, clock: 'process', elapsedNs, syns: sure ? 1 : undefined }
}

function handshake(times: Times, socket: Socket, reset: boolean): Handshake {
  const local = { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }
  return { kind: 'handshake', ...times, reset, local }
}

function answerOf(
  socket: Socket,
  bytes: ByteSocket | undefined,
  request: ConnectRequest,
  fact: Handshake,
): ConnectAnswer {
  const close = (): void => {
    socket.on('error', () => {})
    if (request.close === 'rst') socket.resetAndDestroy()
    else socket.destroy()
  }
  if (request.keep === undefined) {
    close()
    return { fact }
  }
  const remote = { address: request.address, port: request.port }
  const stream = bytes?.stream({ local: fact.local, remote })
  const connection: Connection = {
    stream: () => socket,
    bytes() {
      if (stream === undefined) throw new TypeError("ask for keep: 'bytes'")
      return stream
    },
    descriptor: undefined,
    close: () => (stream === undefined ? close() : stream.close(request.close)),
  }
  return { fact, connection }
}

const UNREACHABLE = new Set<string>([
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENOPROTOOPT',
] satisfies UnreachableCode[])

/** What only a bind to the source address or port fails with, unless ports have run out. */
const SOURCE_FAULTS: ReadonlySet<string> = new Set(['EADDRINUSE', 'EADDRNOTAVAIL'])

/** What node:net's error code says. @throws LocalFault */
function factOf(
  { code = 'unknown error', syscall }: NodeJS.ErrnoException,
  elapsedNs: number,
  socket: Socket,
  request: ConnectRequest,
): ConnectFact {
  const times = timed(elapsedNs)
  if (code === 'ECONNREFUSED') return { kind: 'refused', by: 'unknown', ...times }
  if (code === 'ECONNRESET' || code === 'EPIPE') return handshake(times, socket, true)
  if (code === 'ETIMEDOUT') return { kind: 'silence', waitedNs: elapsedNs, syns: undefined }
  if (UNREACHABLE.has(code)) {
    return { kind: 'unreachable', code: code as UnreachableCode, ...times, rttNs: undefined }
  }
  throw localFault(
    code,
    `connect to ${formatEndpoint(request)}`,
    syscall === 'bind' || SOURCE_FAULTS.has(code) ? 'source' : undefined,
  )
}
