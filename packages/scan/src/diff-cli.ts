import { defineCli, err, escapeControl, type Line, out } from '@portkit/core'
import {
  DIFF_DEFINITION,
  DIFF_STATUS,
  type DiffSettings,
  readDiffSettings,
} from './command-line/diff-options.ts'
import { diffResults, type ResultDiff } from './results/diff.ts'
import { loadResult } from './results/load-result.ts'
import type { ReadResult } from './results/read-result.ts'

/** Characters that are written at once. */
const PIECE = 16_384

/** `portscan diff`: what changed from one result to the next. */
export const portscanDiff = defineCli({
  ...DIFF_DEFINITION,
  async *run(args, io): AsyncGenerator<Line, number> {
    const settings = readDiffSettings(args)
    const before = await loadResult(settings.before, io)
    const after = await loadResult(settings.after, io)
    yield* warnings(settings.before, before)
    yield* warnings(settings.after, after)
    const diff = diffResults(before, after)
    yield* gathered(await told(diff, settings, io.clock.wallMs()))
    return diff.isSame ? DIFF_STATUS.same : DIFF_STATUS.different
  },
})

function* warnings(path: string, result: ReadResult): Generator<Line> {
  for (const text of [...result.warnings, ...gapsOf(result)]) {
    yield err(`${DIFF_DEFINITION.name}: ${escapeControl(`${path}: ${text}`)}\n`)
  }
}

/** What is not there may just not have been asked: sentences. */
function* gapsOf({ hosts, end }: ReadResult): Generator<string> {
  if (end === undefined) yield 'ends before its run did'
  if (end?.cut !== undefined) yield `its run ended early: ${end.cut}`
  const left = hosts.filter(({ ended }) => ended !== undefined).length
  if (left > 0) yield `${left === 1 ? '1 host was' : `${left} hosts were`} left before all ports had a state`
}

async function told(
  diff: ResultDiff,
  { format, verbose }: DiffSettings,
  nowMs: number,
): Promise<Iterable<string>> {
  switch (format) {
    case 'text':
      return (await import('./results/diff-text.ts')).diffText(diff, verbose)
    case 'xml':
      return (await import('./results/diff-xml.ts')).diffXml(diff, verbose)
    case 'json':
      return (await import('./results/diff-json.ts')).diffJson(diff, verbose, nowMs)
  }
}

function* gathered(pieces: Iterable<string>): Generator<Line> {
  let text = ''
  for (const piece of pieces) {
    text += piece
    if (text.length < PIECE) continue
    yield out(text)
    text = ''
  }
  if (text !== '') yield out(text)
}
