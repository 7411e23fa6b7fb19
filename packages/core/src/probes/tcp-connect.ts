import type { Connection } from '../io/io.ts'
import type { CloseWith } from '../io/socket-settings.ts'
import { parseAddress } from '../model/addresses.ts'
import type { Handshake } from '../model/observation.ts'
import { awaitAnswer } from './await-answer.ts'
import type { Probe, ProbeIo } from './probe.ts'

/** How to connect. Addresses must be of the targets' family. */
export interface TcpConnectOptions {
  readonly close?: CloseWith
  readonly sourceAddress?: string | undefined
  readonly sourcePort?: number | undefined
  readonly interfaceName?: string | undefined
  /** 1 to 255. */
  readonly ttl?: number | undefined
  /** 0 to 255. */
  readonly tos?: number | undefined
  /** Also shake hands in TLS; `serverName` overrides the host's name. */
  readonly tls?: { readonly serverName?: string | undefined } | undefined
}

/** A SYN without an answer is sent again after one second (RFC 6298 section 2), give or take a tick of its timer. */
const RESEND_MS = 1000
const ONE_SYN_MS = 975

/** A wait of up to a second ends before the system would send a second SYN: one probe is one SYN. */
function waitFor(timeoutMs: number): number {
  return timeoutMs > ONE_SYN_MS && timeoutMs <= RESEND_MS ? ONE_SYN_MS : timeoutMs
}

/**
 * Completes the three-way handshake through the operating system. Needs no privilege. A time-out of one second is
 * cut to 975 ms, so that it is one SYN.
 */
export function tcpConnect({ tls, close = 'fin', ...way }: TcpConnectOptions = {}): Probe {
  return {
    name: 'tcp-connect',
    async observe(target, io, timeoutMs, signal) {
      signal?.throwIfAborted()
      const { address, family, port } = target
      const attempt = io.net.connect({
        ...way,
        address,
        family,
        port,
        close,
        keep: tls === undefined ? undefined : 'stream',
      })
      const answer = await awaitAnswer(attempt, io.clock, waitFor(timeoutMs), signal)
      if ('kind' in answer) return answer
      const { fact, connection } = answer
      if (tls === undefined || connection === undefined || fact.kind !== 'handshake') return fact
      const name = tls.serverName ?? (parseAddress(target.host) === undefined ? target.host : '')
      return withTls(fact, connection, name, io, timeoutMs, signal)
    },
  }
}

async function withTls(
  fact: Handshake,
  connection: Connection,
  serverName: string,
  { clock, net }: ProbeIo,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<Handshake> {
  const tooLate = new AbortController()
  const done = new AbortController()
  const limit = clock.sleep(timeoutMs, done.signal).then(
    () => tooLate.abort(),
    () => {},
  )
  const onAbort = (): void => tooLate.abort()
  signal?.addEventListener('abort', onAbort, { once: true })
  if (signal?.aborted) onAbort()
  try {
    const tls = await net.tls(connection, { serverName }, tooLate.signal)
    signal?.throwIfAborted()
    return { ...fact, tls }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    done.abort()
    await limit
  }
}
