import { colours, err, escapeControl, type Io, type Lines, LocalFault, out } from '@portkit/core'
import { datedName } from '../command-line/dated-name.ts'
import type { Reporter, ScanEvent, Sink } from '../model/event.ts'
import { openFault } from '../model/open-fault.ts'
import { createProgressLine, type ProgressLine } from '../report/progress.ts'
import type { OutputFile, Settings } from '../settings.ts'

/** All places where a run is told of. */
export interface Outputs {
  on(event: ScanEvent): void
  /** What the user asked for meanwhile: on standard error. */
  answer(text: string): void
  /** What was told is written to files, and on its way to the standard streams. */
  flush(): Promise<void> | undefined
  /** Writes what is left to the files, and closes them. */
  close(): void
}

/** Octets that are gathered for a file. */
const PIECE = 65_536

/** What decides on the places and their looks: of a scan's settings, and of those who tell of results again. */
export interface OutputSettings {
  readonly report: Settings['report']
  /** Nobody finds out whether hosts are up. */
  readonly listOnly: boolean
  readonly discovery: Pick<Settings['discovery'], 'isSkipped'>
  readonly timing: Pick<Settings['timing'], 'defeatsRstLimit'>
}

/** Opens all files first: a run that cannot be written is not begun. @throws LocalFault in nmap's words */
export async function openOutputs(
  settings: OutputSettings,
  startMs: number,
  io: Io,
  lines: Lines,
): Promise<Outputs> {
  const { report } = settings
  const files: File[] = []
  const progress = createProgressLine(progressTerminal(settings, io), {
    write: (text) => lines.line(err(text)),
  })
  const toStdout: Sink = {
    write(text) {
      if (io.system.stdout.isTty) progress.clear()
      lines.line(out(text))
    },
  }
  const reporters: Reporter[] = []
  const isTaken = report.files.some(({ path }) => path === '-')
  if (!isTaken) reporters.push(await reporterOf('screen', settings, io, toStdout))
  try {
    for (const wish of report.files) {
      const file =
        wish.path === '-'
          ? undefined
          : openFile({ ...wish, path: datedName(wish.path, startMs) }, report.appends, io)
      if (file !== undefined) files.push(file)
      reporters.push(await reporterOf(wish.format, settings, io, file ?? toStdout))
    }
  } catch (error) {
    for (const file of files) file.close()
    throw error
  }
  return {
    on(event) {
      for (const reporter of reporters) reporter.on(event)
      toStderr(event, progress, lines)
    },
    answer(text) {
      progress.clear()
      lines.line(err(text))
    },
    flush() {
      for (const file of files) file.flush()
      return lines.flush()
    },
    close() {
      progress.clear()
      for (const file of files) file.close()
    },
  }
}

function toStderr(event: ScanEvent, progress: ProgressLine, lines: Lines): void {
  if (event.kind === 'progress') progress.show(event.progress)
  if (event.kind === 'end') progress.clear()
  if (event.kind !== 'warning') return
  progress.clear()
  lines.line(err(`${escapeControl(event.text)}\n`))
}

function progressTerminal(
  { report }: OutputSettings,
  { system }: Io,
): Pick<Io['system']['stderr'], 'isTty' | 'columns'> {
  const isTty = report.progress ?? system.stderr.isTty
  return { isTty, columns: () => system.stderr.columns() }
}

async function reporterOf(
  format: OutputFile['format'] | 'screen',
  settings: OutputSettings,
  io: Io,
  sink: Sink,
): Promise<Reporter> {
  const { verbose, debugging, openOnly, statsEveryMs, stylesheet } = settings.report
  const rule = { verbose, debugging, openOnly }
  switch (format) {
    case 'screen':
    case 'normal': {
      const { createTextReporter } = await import('../report/text-reporter.ts')
      return createTextReporter(textOptions(settings, io, format === 'normal'), sink)
    }
    case 'greppable': {
      const { createGreppableReporter } = await import('../report/greppable-reporter.ts')
      return createGreppableReporter(rule, sink)
    }
    case 'xml': {
      const { createXmlReporter } = await import('../report/xml-reporter.ts')
      return createXmlReporter({ ...rule, stylesheet, statsEveryMs }, sink)
    }
    case 'json': {
      const { createJsonReporter } = await import('../report/json-reporter.ts')
      return createJsonReporter(rule, sink)
    }
    case 'ndjson': {
      const { createNdjsonReporter } = await import('../report/ndjson-reporter.ts')
      return createNdjsonReporter({ ...rule, now: () => io.clock.wallMs() }, sink)
    }
  }
}

function textOptions(
  { report, listOnly, discovery, timing }: OutputSettings,
  { system }: Io,
  isFile: boolean,
) {
  return {
    ...report,
    isFile,
    pings: !listOnly && !discovery.isSkipped,
    defeatsRstLimit: timing.defeatsRstLimit,
    colours: colours(system.stdout, system.env, report.colour),
  }
}

interface File extends Sink {
  flush(): void
  close(): void
}

const WORD = {
  normal: 'normal',
  xml: 'XML',
  greppable: 'machine',
  json: 'JSON',
  ndjson: 'NDJSON',
} as const satisfies Record<OutputFile['format'], string>

function openFile({ format, path }: OutputFile, appends: boolean, { system }: Io): File {
  const output = opened(`${WORD[format]} output file ${path}`, () => system.openOutput(path, appends))
  const encoder = new TextEncoder()
  let waiting = ''
  const flush = (): void => {
    if (waiting === '') return
    const text = waiting
    waiting = ''
    output.write(encoder.encode(text))
  }
  return {
    write(text) {
      waiting += text
      if (waiting.length >= PIECE) flush()
    },
    flush,
    close() {
      try {
        flush()
      } finally {
        output.close()
      }
    },
  }
}

/** @throws LocalFault in nmap's words */
function opened<T>(what: string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (!(error instanceof LocalFault)) throw error
    throw openFault(what, 'writing', error.code)
  }
}
