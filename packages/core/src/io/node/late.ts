import { LocalFault } from '../../model/errors.ts'
import type { StandardInput, StandardOutput } from '../io.ts'
import { kernelSockets } from '../kernel/kernel-path.ts'
import { loadLibc } from '../kernel/libc.ts'
import type { Sockets } from '../streams.ts'
import { createNodeSockets } from './sockets.ts'
import { standardInput, standardOutput } from './stdio.ts'

const STDOUT = 1

/** What a check of a port never needs, in a module of its own: to load it takes milliseconds. */
export interface Late {
  readonly sockets: Sockets
  readonly stdin: StandardInput
  readonly stdout: StandardOutput
  /** Rejects with LocalFault. */
  passDescriptor(descriptor: number): Promise<void>
}

export function createLate(): Late {
  let made: { readonly kernel: ReturnType<typeof kernelSockets> } | undefined
  const kernel = () => {
    made ??= { kernel: kernelSockets() }
    return made.kernel
  }
  return {
    sockets: createNodeSockets(kernel, loadLibc),
    stdin: standardInput(),
    stdout: standardOutput(),
    async passDescriptor(descriptor) {
      const calls = kernel()
      if (calls !== undefined) return calls.passDescriptor(descriptor, STDOUT)
      throw new LocalFault('ENOTSUP', 'passing a descriptor needs Linux and the optional package koffi')
    },
  }
}
