import type { Clock, Net } from '../io.ts'
import { createKernelNet } from './kernel-net.ts'
import { createKernelSockets, type KernelSockets } from './kernel-sockets.ts'
import { loadLibc } from './libc.ts'

/** All that goes by system calls, in a module of its own: most runs of some tools never need it. */

/** undefined where there is no koffi or no 64-bit Linux. @throws LocalFault when no descriptor is left */
export function kernelNet(clock: Clock): Net | undefined {
  const libc = loadLibc()
  return libc && createKernelNet(libc, clock)
}

/** undefined where there is no koffi or no 64-bit Linux. @throws LocalFault when no descriptor is left */
export function kernelSockets(): KernelSockets | undefined {
  const libc = loadLibc()
  return libc && createKernelSockets(libc)
}
