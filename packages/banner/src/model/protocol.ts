import type { Transport } from '@portkit/core'
import type { Dialogue } from '../dialogue/dialogue.ts'
import type { Service } from './service.ts'
import type { Wishes } from './wishes.ts'

/** Which first words were said: those of a protocol, by its name, two that fit many, the user's own, or none. */
export type Asked = string | 'nothing' | 'crlf' | 'help' | 'user'

/** What a probe is made from. */
export interface ProbeContext {
  readonly port: number
  readonly transport: Transport
  /** Inside TLS. */
  readonly secure: boolean
  readonly wishes: Wishes
  /** 32 random bits as an unsigned number, for transaction ids. */
  random(): number
}

/** What an answer is judged by, apart from its octets. */
export interface DetectContext {
  readonly port: number
  readonly transport: Transport
  readonly secure: boolean
  readonly asked: Asked
  /** What was sent right before; empty for a greeting. */
  readonly sent: Uint8Array
  /** No more will come: the peer ended, time is over, or this is one whole datagram. */
  readonly ended: boolean
}

/**
 * Judges the octets that came so far: the service; `more` when it depends on octets still to come; undefined when this is
 * not the protocol. Pure; never throws, whatever the octets. Never `more` once `ended`. And it is steady: what it said
 * of the beginning of an answer it says of the whole, `more` excepted, so that splits into segments change nothing.
 */
export type Detect = (octets: Uint8Array, context: DetectContext) => Service | 'more' | undefined

/** One protocol: how to make it speak, and how to tell it. */
export interface Protocol {
  /** The name of its services, mostly: `ssh`. */
  readonly name: string
  /** Where it is tried first, without TLS. Empty or left out: it is only recognised, or asked for by `--thorough`. */
  readonly ports: { readonly tcp?: readonly number[]; readonly udp?: readonly number[] }
  /** TCP ports where it is tried first inside TLS from the first octet on. */
  readonly tlsPorts?: readonly number[]
  /**
   * The octets that make it speak; left out where it speaks first. Small, harmless, and valid in the protocol. Over UDP
   * one datagram, whose answer is not many times as long.
   */
  readonly probe?: (context: ProbeContext) => Uint8Array
  readonly detect: Detect
  /**
   * Asks for more over the same connection once the service is known. The first answer is still unread in the dialogue.
   * Gives the service with what it learnt; on any surprise, the one it was given.
   */
  readonly ask?: (service: Service, dialogue: Dialogue) => Promise<Service>
  /**
   * Goes as far as to the first octet of TLS (RFC 3207, RFC 2595 …); the dialogue begins with nothing read or sent.
   * Says whether the server agreed.
   */
  readonly startTls?: (dialogue: Dialogue) => Promise<boolean>
  /** What silence means at a port of it, for protocols that are silent by design: `WireGuard answers only its peers`. */
  readonly silence?: string
  /** Over UDP: answers come from another port than the one that was asked. */
  readonly answersFromAnyPort?: boolean
}
