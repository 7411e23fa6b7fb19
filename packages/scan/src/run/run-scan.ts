import { type Io, type Lines, LocalFault, UsageError } from '@portkit/core'
import type { HostList } from '../grammar/host-list.ts'
import { readHostList } from '../grammar/target-list.ts'
import { fileLimit } from '../guns/file-limit.ts'
import { statusText } from '../report/text-stats.ts'
import type { Settings } from '../settings.ts'
import type { JournalHeader } from '../spread/journal-lines.ts'
import { createPermutation } from '../spread/permutation.ts'
import { planHash } from '../spread/plan-hash.ts'
import type { JournalState } from '../spread/read-journal.ts'
import { commandLine } from './command-line.ts'
import { type Memory, openMemory } from './memory.ts'
import { createMeter } from './meter.ts'
import { type Outputs, openOutputs } from './outputs.ts'
import { type Prepared, prepare } from './prepare.ts'
import { scanHosts } from './scan-hosts.ts'
import type { ScanKit } from './scan-kit.ts'
import { createTelling, type Telling } from './telling.ts'

/** What a run came to. */
export interface RunOutcome {
  readonly end: ReturnType<Telling['end']>
  readonly open: number
  readonly unresolved: number
  readonly left: number
}

export interface RunOptions {
  readonly settings: Settings
  readonly version: string
  readonly lines: Lines
  /** The run that is to go on. */
  readonly before?: JournalState | undefined
}

/** Connections at once where the system does not say how many files a process may have, and at most. */
const AT_ONCE = { usual: 1000, most: 8192 } as const
/** Targets that are looked at to see whether they are still the same. */
const LOOKS = 4096
/** Which of the seed's orders is that of --randomize-hosts. */
const HOSTS = 1
const GONE = 'nobody reads the output any more'

/**
 * Runs a whole scan and tells of it. Whatever ends it early, what is known is told, and files are well-formed.
 * @throws UsageError, LocalFault
 */
export async function runScan(options: RunOptions, io: Io): Promise<RunOutcome> {
  const { settings, before } = options
  const startNs = io.clock.nowNs()
  const startMs = before?.header.startMs ?? io.clock.wallMs()
  const seed = before?.header.seed ?? settings.seed ?? io.random()
  const prepared = await prepare(settings, io, seed)
  const targets = await readHostList(settings, io, (size) => createPermutation(size, seed, HOSTS))
  const plan = planOf(prepared, targets.list)
  const memory = await memoryFor(
    options,
    { args: settings.args, seed, startMs, plan, shard: settings.shard },
    io,
  )
  const outputs = await openOutputs(settings, startMs, io, options.lines)
  const telling = createTelling(io.clock, startNs, (event) => outputs.on(event))
  telling.mayPackets = prepared.mayPackets
  let cut: string | undefined = GONE
  try {
    telling.begin(runInfo(options, prepared, startMs))
    for (const text of [...prepared.warnings, ...targets.warnings]) telling.emit({ kind: 'warning', text })
    const written = async (): Promise<void> => outputs.flush()
    const kit = await createKit({ settings, io, prepared, seed, startNs, telling, written })
    await whileAnswering(kit, outputs, () => scanHosts(targets.list, kit, memory, telling))
    cut = io.interrupted.aborted ? String(io.interrupted.reason) : undefined
    if (cut === undefined) memory.end()
    const end = telling.end(cut)
    return { end, open: telling.openPorts, unresolved: targets.unresolved, left: telling.left }
  } catch (error) {
    if (error instanceof LocalFault || error instanceof UsageError) cut = error.message
    throw error
  } finally {
    telling.end(cut)
    try {
      outputs.close()
    } finally {
      memory.close()
      await outputs.flush()
    }
  }
}

/**
 * What the run keeps. Where a signal came while names were looked up, some targets are missing: that is not the plan, and
 * there is nothing new to be kept. @throws UsageError, LocalFault
 */
function memoryFor({ settings, before }: RunOptions, header: JournalHeader, io: Io): Promise<Memory> {
  if (!io.interrupted.aborted) return openMemory({ settings, io, header, before })
  if (before === undefined) return openMemory({ settings: {}, io, header })
  return openMemory({ settings, io, header: before.header, before })
}

/** Tells apart what runs ask, files and names included: a checkpoint is of no use for another plan. */
function planOf({ plans }: Prepared, list: HostList): string {
  const looks = Array.from({ length: Math.min(LOOKS, list.size) }, (_, i) =>
    Math.floor((i * list.size) / LOOKS),
  )
  const places = list.size <= LOOKS ? looks.map((_, i) => i) : looks
  const hosts = places.map((place) => list.at(place)?.address ?? '')
  return planHash([
    [`${list.size}`],
    hosts,
    plans.map(({ kind }) => kind),
    ...plans.map(({ ports }) => ports),
  ])
}

/** Tells how far the run is when the user asks for it: by Enter, Ctrl-\ or SIGINFO. */
async function whileAnswering(kit: ScanKit, outputs: Outputs, work: () => Promise<void>): Promise<void> {
  const stop = kit.io.system.onRequest((request) => {
    const progress = request === 'resize' ? undefined : kit.meter.now()
    if (progress !== undefined) outputs.answer(statusText(progress))
  })
  try {
    await work()
  } finally {
    stop()
  }
}

function runInfo({ settings, version }: RunOptions, { scans }: Prepared, startMs: number) {
  const { verbose, debugging } = settings.report
  const args = commandLine(['portscan', ...settings.args])
  return { scanner: 'portscan', version, args, startMs, scans, verbose, debugging }
}

interface KitParts {
  readonly settings: Settings
  readonly io: Io
  readonly prepared: Prepared
  readonly seed: number
  readonly startNs: number
  readonly telling: Telling
  written(): Promise<void>
}

async function createKit({
  settings,
  io,
  prepared,
  seed,
  startNs,
  telling,
  written,
}: KitParts): Promise<ScanKit> {
  const { emit } = telling
  const limit = fileLimit(io.system) ?? AT_ONCE.usual
  const { maxParallelism } = settings.timing
  return {
    settings,
    io,
    net: await io.openNet('auto'),
    names: prepared.names,
    plans: prepared.plans,
    portCount: prepared.portCount,
    seed,
    usesPackets: prepared.usesPackets,
    mostAtOnce: Math.max(1, Math.min(limit, AT_ONCE.most, maxParallelism)),
    tellsAllPorts: settings.report.files.some(({ format }) => format === 'ndjson'),
    startNs,
    meter: createMeter({ clock: io.clock, startNs, emit }),
    emit,
    counted: (counts) => telling.counted(counts),
    written,
  }
}
