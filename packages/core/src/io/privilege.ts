import { readFileSync } from 'node:fs'

/** capabilities(7). */
const CAP_NET_RAW = 13n

export interface Privilege {
  readonly hasNetRaw: boolean
  readonly isRoot: boolean
}

/** What this process may do by the kernel's own word. */
export function readPrivilege(): Privilege {
  return privilegeOf(statusOf('/proc/self/status'), process.geteuid?.() === 0)
}

/** @param status of a process (proc_pid_status(5)); where it cannot be read, root may do all */
export function privilegeOf(status: string | undefined, isRoot: boolean): Privilege {
  const held = /^CapEff:\s*([0-9a-f]+)$/m.exec(status ?? '')?.[1]
  return {
    isRoot,
    hasNetRaw: held === undefined ? isRoot : ((BigInt(`0x${held}`) >> CAP_NET_RAW) & 1n) === 1n,
  }
}

/** Why raw packets may not be sent, and what to do about it. */
export function capabilityMissing({ isRoot }: Pick<Privilege, 'isRoot'> = readPrivilege()): string {
  const who = isRoot
    ? 'raw packets need CAP_NET_RAW, which even root does not have here: give it to the container ' +
      '(docker run --cap-add=NET_RAW)'
    : 'raw packets need CAP_NET_RAW: run as root, or with that capability'
  return `${who}, or use a mode that needs no raw packets`
}

function statusOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
