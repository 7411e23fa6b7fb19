import type { ByteStream, Connection } from '@portkit/core'
import type { PortOutcome } from '../exit-status.ts'
import type { Task } from '../settings.ts'
import type { Dialled } from './dial.ts'

export type ConnectTask = Extract<Task, { kind: 'connect' }>

/** A port that was tried. */
export interface Opened {
  readonly port: number
  readonly dialled: Dialled
  readonly state: PortOutcome['state']
  /** Whether all that was wanted is there: the connection, through the proxy, in TLS. */
  readonly succeeded: boolean
  readonly tested: false
  /** What a session goes over; `connection` is the plain one below. */
  readonly stream: ByteStream | undefined
  readonly connection: Connection | undefined
}
