import { LocalFault } from '../../model/errors.ts'
import type { Family } from '../../model/target.ts'

/** What is opened for a family of addresses, and may fail for good, as when its interface goes down. */
export interface Renewable {
  fault(): LocalFault | undefined
  /** Safe to call twice. */
  close(): void
}

/** One of a kind for each family. */
export interface PerFamily<T> {
  /** Makes it when it is first needed, and another one when it has failed. Rejects as `make` does. */
  of(family: Family): Promise<T>
  close(): void
}

export function createPerFamily<T extends Renewable>(make: (family: Family) => Promise<T>): PerFamily<T> {
  const made = new Map<Family, Promise<T>>()
  const open = new Set<T>()
  let closed = false
  const opened = (it: T): void => {
    if (closed) it.close()
    else open.add(it)
  }
  const retire = (it: T): void => {
    open.delete(it)
    it.close()
  }
  return {
    async of(family) {
      const known = made.get(family)
      if (known !== undefined && (await isWell(known))) return known
      if (closed) throw new LocalFault('ECANCELED', 'this way for packets is closed')
      const newer = made.get(family)
      // Of many who saw the fault the first has made another one.
      if (newer !== undefined && newer !== known) return newer
      known?.then(retire, () => {})
      const next = make(family)
      next.then(opened, () => {})
      made.set(family, next)
      return next
    },
    close() {
      closed = true
      for (const it of [...open]) retire(it)
    },
  }
}

/** All of these families at once. Nothing stays open when one of them fails. */
export async function openAll<T>(perFamily: PerFamily<T>, families: readonly Family[]): Promise<void> {
  try {
    for (const family of families) await perFamily.of(family)
  } catch (error) {
    perFamily.close()
    throw error
  }
}

function isWell(one: Promise<Renewable>): Promise<boolean> {
  return one.then(
    (it) => it.fault() === undefined,
    () => false,
  )
}
