import { expect } from 'vitest'
import type { ConnectFact } from '../src/io/io.ts'

/** The fact of an answer, with its times. Fails for silence. */
export function timed(fact: ConnectFact): Exclude<ConnectFact, { readonly kind: 'silence' }> {
  if (fact.kind === 'silence') return expect.fail('no answer came')
  return fact
}
