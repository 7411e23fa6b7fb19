/** tcping's four words for a port. */
const GRAPH_WORDS = ['open', 'closed', 'stealth', 'unreachable'] as const
export type GraphWord = (typeof GRAPH_WORDS)[number]

/** One probe. `atMs` is when it started, on any clock that does not jump; it places the probe on the time axis. */
export interface GraphSample {
  readonly atMs: number
  /** Milliseconds; undefined when there was no answer or no single round trip is known. */
  readonly rttMs: number | undefined
  readonly word: GraphWord
}

/** What a target's legend line says; it covers the whole run, not only the visible part. */
export interface GraphTotals {
  readonly sent: number
  /** Probes that the target did not answer: stealth and unreachable. */
  readonly lost: number
  readonly lastWord: GraphWord | undefined
  readonly lastMs: number | undefined
  readonly minMs: number | undefined
  readonly avgMs: number | undefined
  readonly maxMs: number | undefined
}

/** One target of the picture. */
export interface GraphSeries {
  /** Shown as it is: control characters have to be escaped before. */
  readonly name: string
  totals(): GraphTotals
  /** The remembered samples that started at `sinceMs` or later, oldest first. */
  samples(sinceMs: number): readonly GraphSample[]
}

export interface GraphModel {
  readonly series: readonly GraphSeries[]
  /** When the first probe of any target started; undefined before it. */
  readonly originMs: number | undefined
  /** Takes a result of target number `index`; results may come in any order. An index without a target is ignored. */
  add(index: number, sample: GraphSample): void
}

export interface GraphModelOptions {
  /** One target each, in the order of the legend; already escaped. */
  readonly names: readonly string[]
  /** Samples remembered for each target: as many as the widest terminal can show; fewer with thousands of targets. */
  readonly capacity: number
}

/** Longer than any probe waits; keeps labels short, whatever is fed in. */
const MAX_RTT_MS = 9_999_999

/** Keeps the memory of a run against thousands of targets below 40 MB. */
const MAX_SAMPLES = 2_000_000

/** The data behind a graph: a ring of samples and running totals for each target. Memory never grows. */
export function createGraphModel({ names, capacity }: GraphModelOptions): GraphModel {
  const fair = Math.floor(MAX_SAMPLES / Math.max(names.length, 1))
  const kept = Math.max(1, Math.min(Math.floor(capacity) || 1, fair))
  const series = names.map((name) => createSeries(name, kept))
  let originMs: number | undefined
  return {
    series,
    get originMs() {
      return originMs
    },
    add: (index, sample) => {
      const target = series[index]
      if (target === undefined || !Number.isFinite(sample.atMs)) return
      originMs = Math.min(originMs ?? sample.atMs, sample.atMs)
      target.add({ ...sample, rttMs: saneRtt(sample.rttMs) })
    },
  }
}

function saneRtt(rttMs: number | undefined): number | undefined {
  if (rttMs === undefined || !Number.isFinite(rttMs) || rttMs < 0) return undefined
  return Math.min(rttMs, MAX_RTT_MS)
}

function createSeries(name: string, capacity: number): GraphSeries & { add(sample: GraphSample): void } {
  const ring = createRing(capacity)
  const totals = createTotals()
  return {
    name,
    totals: totals.read,
    samples: ring.since,
    add: (sample) => {
      totals.add(sample)
      ring.insert(sample)
    },
  }
}

function createTotals() {
  let sent = 0
  let lost = 0
  let timed = 0
  let sumMs = 0
  let minMs: number | undefined
  let maxMs: number | undefined
  let last: GraphSample | undefined
  return {
    add: (sample: GraphSample): void => {
      sent += 1
      if (last === undefined || sample.atMs >= last.atMs) last = sample
      if (isLost(sample.word)) lost += 1
      const rttMs = answerMs(sample)
      if (rttMs === undefined) return
      timed += 1
      sumMs += rttMs
      minMs = Math.min(minMs ?? rttMs, rttMs)
      maxMs = Math.max(maxMs ?? rttMs, rttMs)
    },
    read: (): GraphTotals => {
      const lastMs = last === undefined ? undefined : answerMs(last)
      const avgMs = timed === 0 ? undefined : sumMs / timed
      return { sent, lost, lastWord: last?.word, lastMs, minMs, avgMs, maxMs }
    },
  }
}

/** Whether a probe counts as lost: nothing came back from the target itself. */
function isLost(word: GraphWord): boolean {
  return word === 'stealth' || word === 'unreachable'
}

/** The round trip to draw: a router's ICMP error has a time too, but it is not the target's. */
export function answerMs({ word, rttMs }: GraphSample): number | undefined {
  return isLost(word) ? undefined : rttMs
}

/** The newest `capacity` samples in the order of their start. */
function createRing(capacity: number) {
  const at = new Float64Array(capacity)
  const rtt = new Float64Array(capacity)
  const words = new Uint8Array(capacity)
  let head = 0
  let size = 0
  const slot = (i: number): number => (head + i) % capacity
  const atOf = (i: number): number => at[slot(i)] ?? 0
  const read = (i: number): GraphSample => {
    const rttMs = rtt[slot(i)] ?? Number.NaN
    const word = GRAPH_WORDS[words[slot(i)] ?? 0] ?? 'open'
    return { atMs: atOf(i), rttMs: Number.isNaN(rttMs) ? undefined : rttMs, word }
  }
  const write = (i: number, sample: GraphSample): void => {
    at[slot(i)] = sample.atMs
    rtt[slot(i)] = sample.rttMs ?? Number.NaN
    words[slot(i)] = GRAPH_WORDS.indexOf(sample.word)
  }
  return {
    insert: (sample: GraphSample): void => {
      const full = size === capacity
      if (full && sample.atMs < atOf(0)) return
      if (full) head = slot(1)
      else size += 1
      let place = size - 1
      for (; place > 0 && atOf(place - 1) > sample.atMs; place -= 1) write(place, read(place - 1))
      write(place, sample)
    },
    since: (sinceMs: number): readonly GraphSample[] => {
      let first = size
      while (first > 0 && atOf(first - 1) >= sinceMs) first -= 1
      return Array.from({ length: size - first }, (_, i) => read(first + i))
    },
  }
}
