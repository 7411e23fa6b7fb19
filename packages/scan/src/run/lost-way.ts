import { LocalFault } from '@portkit/core'
import type { HostDraft } from './host-draft.ts'
import type { ScanKit } from './scan-kit.ts'

/** This machine has no way any more to a host that has answered: no port gets a verdict from then on. */
export interface LostWay {
  readonly signal: AbortSignal
  /** A probe could not be sent for want of a way. */
  suspect(draft: HostDraft, fault: LocalFault): void
  /** Why there is none any more; resolves when that is known. */
  fault(): Promise<LocalFault | undefined>
}

/** An interface or a route that is gone. */
const LOST: ReadonlySet<string> = new Set(['ENETUNREACH', 'ENETDOWN', 'ENODEV', 'ENXIO'])

/** What looks like it may be a local firewall's own word for one port: the system knows whether there is a way. */
export function createLostWay({ io, settings: { source } }: ScanKit): LostWay {
  const over = new AbortController()
  let why: LocalFault | undefined
  let look: Promise<void> | undefined
  const lookFor = async ({ found, faults }: HostDraft, fault: LocalFault): Promise<void> => {
    try {
      await io.packets.route(found, { sourceAddress: source.address, interfaceName: source.interfaceName })
    } catch (error) {
      if (!(error instanceof LocalFault && LOST.has(error.code))) return
      why ??= fault
      faults.delete(fault.message)
      over.abort()
    } finally {
      look = undefined
    }
  }
  return {
    signal: over.signal,
    suspect(draft, fault) {
      if (why === undefined && LOST.has(fault.code)) look ??= lookFor(draft, fault)
    },
    async fault() {
      await look
      return why
    },
  }
}
