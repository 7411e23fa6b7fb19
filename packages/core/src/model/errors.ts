/** This machine, not the network, stopped a probe. `message` says what and what to do about it. */
export class LocalFault extends Error {
  readonly code: string
  /** The setting or call that failed, where one can be named: `ttl`, `source`, `bind`. */
  readonly about: string | undefined

  constructor(code: string, message: string, about?: string) {
    super(message)
    this.name = 'LocalFault'
    this.code = code
    this.about = about
  }
}

/** A name that did not resolve. `message` is what getaddrinfo says: `Name or service not known`. */
export class ResolveError extends Error {
  readonly host: string
  readonly code: string

  constructor(host: string, code: string, message: string) {
    super(message)
    this.name = 'ResolveError'
    this.host = host
    this.code = code
  }
}

/** A command line that makes no sense. `message` says which part and what is allowed. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'UsageError'
  }
}
