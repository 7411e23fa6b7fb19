import {
  type Family,
  type Io,
  type Resolved,
  ResolveError,
  resolveHost,
  untilInterrupted,
} from '@portkit/core'

/** getaddrinfo(3) occupies a thread each, and Node's pool has four. */
const LOOKUPS_AT_ONCE = 4

export type NamesIo = Pick<Io, 'clock' | 'interrupted'> & { readonly dns: Pick<Io['dns'], 'lookup'> }

/** What a name stands for. */
export type NameAnswer = Resolved['addresses'] | ResolveError

/**
 * Looks names up, each once; those that are left when the run is interrupted have no answer.
 * @throws what is neither an answer nor the lack of one
 */
export async function lookUpNames(
  names: Iterable<string>,
  io: NamesIo,
  family: Family | undefined,
): Promise<ReadonlyMap<string, NameAnswer>> {
  const answers = new Map<string, NameAnswer>()
  const queue = new Set(names).values()
  const worker = async (): Promise<void> => {
    for (const name of queue) {
      const answer = await untilInterrupted(lookUp(name, io, family), io.interrupted)
      if (answer === undefined) return
      answers.set(name, answer)
    }
  }
  await Promise.all(Array.from({ length: LOOKUPS_AT_ONCE }, worker))
  return answers
}

async function lookUp(name: string, io: NamesIo, family: Family | undefined): Promise<NameAnswer> {
  try {
    return (await resolveHost(name, io, family)).addresses
  } catch (error) {
    if (error instanceof ResolveError) return error
    throw error
  }
}
