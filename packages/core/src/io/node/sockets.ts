import { mkdtempSync, rmSync } from 'node:fs'
import { LocalFault } from '../../model/errors.ts'
import type { KernelSockets } from '../kernel/kernel-sockets.ts'
import type { Libc } from '../kernel/libc.ts'
import type { Sockets } from '../streams.ts'
import { connectAbstract, listenAbstract } from './abstract-sockets.ts'
import { bindUdp, connectUdp } from './datagrams.ts'
import { listenTcp } from './listener.ts'
import { connectUnix, listenUnix } from './unix-sockets.ts'

/** Sockets through node:net and node:dgram; both arguments give the system calls, or undefined where there are none. */
export function createNodeSockets(
  kernel: () => KernelSockets | undefined,
  libc: () => Libc | undefined = () => undefined,
): Sockets {
  const libcFor = (path: string): Libc | undefined => (path.startsWith('@') ? libc() : undefined)
  return {
    // The listener of system calls takes a connection only when it is asked for.
    listenTcp: (request) => (kernel()?.listenTcp ?? listenTcp)(request),
    connectUdp: (request) => (kernel()?.connectUdp ?? connectUdp)(request),
    bindUdp: (request) => (kernel()?.bindUdp ?? bindUdp)(request),
    async connectUnix(path) {
      const calls = libcFor(path)
      return calls === undefined ? connectUnix(path) : connectAbstract(calls, path)
    },
    async listenUnix(path) {
      const calls = libcFor(path)
      return calls === undefined ? listenUnix(path) : listenAbstract(calls, path)
    },
    bindUnixDatagram: async (path) => unixDatagrams(kernel()).bindUnixDatagram(path),
    async secure(stream, role, settings, signal) {
      // TLS takes milliseconds to load.
      const { secureStream } = await import('./secure-stream.ts')
      return secureStream(stream, role, settings, signal)
    },
    temporarySocketPath,
  }
}

function unixDatagrams(kernel: KernelSockets | undefined): KernelSockets {
  if (kernel !== undefined) return kernel
  throw new LocalFault('ENOTSUP', 'UNIX datagrams need Linux and the optional package koffi', 'unixDatagrams')
}

/** As OpenBSD nc names it. @throws LocalFault */
async function temporarySocketPath(): ReturnType<Sockets['temporarySocketPath']> {
  try {
    const folder = mkdtempSync('/tmp/nc-')
    return {
      path: `${folder}/recv.sock`,
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException
    throw new LocalFault(code, `cannot make a folder in /tmp: ${code}`)
  }
}
