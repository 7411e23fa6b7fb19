/** A whole output, or what it has to match; lines are joined by line feeds. */
export type Wanted = readonly string[] | RegExp

/** A part of an output that is to be otherwise. */
export type Change = readonly [RegExp, string]

/** Ours prints and sends what the classic tool does; `order`: lines come in any order. */
interface Mirror {
  readonly kind: 'mirror'
  readonly order?: true
}

/** The classic tool is wrong, or ours is better; what is not named is as with the classic tool. */
export interface Differs {
  readonly kind: 'differs'
  readonly why: string
  readonly order?: true
  readonly exit?: number
  readonly stdout?: Wanted
  readonly stderr?: Wanted
  /** `recorded`: the classic tool itself was right when it was recorded, and often is not. */
  readonly from?: 'recorded'
  /** Parts of the classic tool's lines that are to be otherwise. */
  readonly but?: readonly Change[]
  readonly stderrBut?: readonly Change[]
  /** What has to be on the wire, a pattern a packet. */
  readonly wire?: readonly RegExp[]
}

/** Both refuse, or say something about themselves, each in its own words. */
export interface OwnWords {
  readonly kind: 'own-words'
  readonly says: RegExp
  readonly exit: 0 | 1 | 2
}

/** The classic tool does it, ours refuses on purpose, in one sentence and with status 2. */
export interface Refused {
  readonly kind: 'refused'
  readonly says: RegExp
}

export type Judgement = Mirror | Differs | OwnWords | Refused
