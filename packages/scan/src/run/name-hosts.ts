import type { HostDraft } from './host-draft.ts'
import type { ScanKit } from './scan-kit.ts'

/** Gives the hosts the names that their addresses have, unless the user wants none. */
export async function nameHosts(drafts: readonly HostDraft[], kit: ScanKit): Promise<void> {
  const { settings, io } = kit
  if (settings.names === 'never' || drafts.length === 0 || io.interrupted.aborted) return
  const { reverseNames } = await import('../hosts/names.ts')
  const names = await reverseNames(
    drafts.map(({ found }) => found.address),
    { io, signal: io.interrupted, emit: (event) => kit.emit(event) },
  )
  for (const draft of drafts) draft.ptr = names.get(draft.found.address)
}
