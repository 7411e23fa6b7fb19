/** A whole output, or what it has to match; lines are joined by line feeds. */
export type Wanted = readonly string[] | RegExp

/** nping-ts prints and sends what nping does; `order`: lines come in any order. */
interface Mirror {
  readonly kind: 'mirror'
  readonly order?: true
}

/** nping is wrong, or ours is better; what is not named is as nping's. */
export interface Differs {
  readonly kind: 'differs'
  readonly why: string
  readonly order?: true
  readonly exit?: number
  readonly stdout?: Wanted
  readonly stderr?: RegExp
  /** `recorded`: nping itself was right when it was recorded, and often is not. */
  readonly from?: 'recorded'
  /** Parts of nping's lines that are to be otherwise. */
  readonly but?: readonly (readonly [RegExp, string])[]
  /** What has to be on the wire, a pattern a packet. */
  readonly wire?: readonly RegExp[]
}

/**
 * Both refuse, each in its own words: one sentence, or the usage. `exit` is nping's habit, and 2 without the words that
 * ask for it, for which an empty command line has no room.
 */
export interface OwnWords {
  readonly kind: 'own-words'
  readonly says: RegExp
  readonly exit: 0 | 1 | 2
}

/** nping does it, ours refuses on purpose, in one sentence and with status 2. */
export interface Refused {
  readonly kind: 'refused'
  readonly says: RegExp
}

/** nping's echo mode: refused for now. */
interface EchoMode {
  readonly kind: 'echo-mode'
  readonly says: RegExp
}

export type Judgement = Mirror | Differs | OwnWords | Refused | EchoMode
