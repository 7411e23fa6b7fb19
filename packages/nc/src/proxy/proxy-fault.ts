import { StreamFault } from '@portkit/core'

/** What a proxy, or the way to it, did wrong: nc’s text, to be shown by `complaint`, which escapes what the proxy sent. */
export class ProxyFault extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProxyFault'
  }
}

/**
 * The fault for a failed read or write, in the words that go with the errno's name; an error that is no StreamFault is
 * passed on as it is. @throws
 */
export function brokenBy(error: unknown, words: (errno: string) => string): ProxyFault {
  if (!(error instanceof StreamFault)) throw error
  return new ProxyFault(words(error.code), { cause: error })
}
