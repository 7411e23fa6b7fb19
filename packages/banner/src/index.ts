// What other packages of this repository ask of banner: they have it inside themselves when they are published.

import { createServices, type Io, type Target } from '@portkit/core'
import type { Finding } from './model/finding.ts'
import { openKit } from './run/open-kit.ts'
import { survey } from './run/survey.ts'
import type { Depth, Settings } from './settings.ts'

export type { Finding } from './model/finding.ts'

/** How services are found out about; what is left out is as with the command's usual settings. */
export interface IdentifyOptions {
  /** `light`: only greetings are read; `usual`; `thorough`: every probe there is. */
  readonly depth?: Depth | undefined
  /** Milliseconds for one port, all told. */
  readonly timeoutMs?: number | undefined
  /** Milliseconds for a greeting or an answer. */
  readonly waitMs?: number | undefined
  /** Also ask ports where printers print what they are sent. */
  readonly printers?: boolean | undefined
  /** Ports that are worked on at once, of all hosts. */
  readonly atOnce?: number | undefined
}

/** Milliseconds for one port, where every probe waits for its answer, and where not. */
const TIMEOUTS = { light: 5000, usual: 5000, thorough: 60_000 } as const satisfies Record<Depth, number>

/**
 * Finds out what speaks at ports, which should be open, and gives what is known of each as soon as it is, in no order.
 * All targets have one transport. Ends early once `io.interrupted` is aborted, or when the caller returns.
 * @throws LocalFault
 */
export async function* identify(
  targets: readonly Target[],
  io: Io,
  options: IdentifyOptions = {},
): AsyncGenerator<Finding, void> {
  const [first] = targets
  if (first === undefined) return
  const services = createServices(() => io.system.readText('/etc/services'))
  const kit = await openKit(settingsOf(options, first.transport), services, io)
  try {
    yield* survey(targets, kit)
  } finally {
    kit.close()
  }
}

function settingsOf(
  {
    depth = 'usual',
    timeoutMs = TIMEOUTS[depth],
    waitMs = 1000,
    printers = false,
    atOnce = 16,
  }: IdentifyOptions,
  transport: Settings['transport'],
): Settings {
  return {
    transport,
    family: undefined,
    timeoutMs,
    waitMs,
    depth,
    tls: 'auto',
    startTls: undefined,
    sni: undefined,
    own: undefined,
    wishes: { community: 'public', hostKeys: false, follow: 0 },
    printers,
    atOnce,
    ratePerS: undefined,
    fingerprints: undefined,
    output: 'text',
    openOnly: false,
    hex: false,
    verbose: false,
    colour: 'never',
    exitCode: 'found',
  }
}
