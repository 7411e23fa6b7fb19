import type { Transport } from '@portkit/core'
import type { Wishes } from '../model/wishes.ts'

/** The first whole thing in some octets, and how many of them it takes. */
export interface Taken<T> {
  readonly value: T
  readonly length: number
}

/**
 * Takes the first whole thing from the beginning of the octets; `more` while it is not all there; undefined when it never
 * will be. With `ended` no more will come: `more` then counts as undefined. Pure, and never throws.
 */
export type Reader<T> = (octets: Uint8Array, ended: boolean) => Taken<T> | 'more' | undefined

/**
 * A bounded conversation with one port over one connection. All of a port's dialogues share one deadline and one limit of
 * octets, which nothing renews; when they are used up nothing more is sent, and receiving ends.
 */
export interface Dialogue {
  readonly host: string
  readonly address: string
  readonly port: number
  readonly transport: Transport
  /** Inside TLS. */
  readonly secure: boolean
  /** The protocol agreed on by ALPN; undefined for none. */
  readonly alpn: string | undefined
  readonly wishes: Wishes
  /** 32 random bits as an unsigned number. */
  random(): number
  /** Nothing happens when the connection is over. Never rejects. */
  send(octets: Uint8Array): Promise<void>
  /** What the reader takes from the octets that nobody took yet; undefined when it takes nothing. Never rejects. */
  receive<T>(reader: Reader<T>): Promise<T | undefined>
  /** Another connection to the same port, in TLS if this one is; undefined when there is none. This one is closed first. Never rejects. */
  again(alpn?: readonly string[]): Promise<Dialogue | undefined>
}
