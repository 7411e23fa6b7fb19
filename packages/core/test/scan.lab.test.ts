import { describeLab, PORTS } from '@portkit/lab/vitest'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createPackets } from '../src/io/packets-io.ts'
import { classify } from '../src/model/verdict.ts'
import { runScan, type ScanOutcome } from '../src/run/exchange/scan.ts'
import { NEVER, syns } from './exchange-kit.ts'
import { enterNamespace } from './namespace-kit.ts'

const ALL = 65_535
const STEALTH = Array.from({ length: 1000 }, (_, i) => 10_000 + i)
/** What the lab's ports are, as far as they are not closed. */
const USUAL = new Map<number, string>(
  Object.values(PORTS).map(({ port, state }) => [port, state === 'stealth' ? 'silent' : state]),
)
