import { UsageError } from '@portkit/core'
import type { OutputFile } from '../settings.ts'

/** nmap's own, 7.93. */
const WEB_STYLESHEET = 'https://svn.nmap.org/nmap/docs/nmap.xsl'

/** What FILE_OPTIONS gave. */
export interface FileArgs {
  readonly oN: readonly string[]
  readonly oX: readonly string[]
  readonly oG: readonly string[]
  readonly oA: readonly string[]
  readonly oJ: readonly string[]
  readonly oD: readonly string[]
  readonly json: boolean
  readonly ndjson: boolean
  readonly stylesheet: string | undefined
  readonly webxml: boolean
  readonly _given: readonly string[]
}

/** The files of a report, each once. @throws UsageError where two reports would go to one place */
export function filesOf(args: FileArgs): readonly OutputFile[] {
  const files: readonly OutputFile[] = [
    ...named('normal', args.oN),
    ...named('xml', args.oX),
    ...named('greppable', args.oG),
    ...args.oA.flatMap(inAll),
    ...named('json', args.oJ),
    ...named('ndjson', args.oD),
    ...named('json', args.json ? ['-'] : []),
    ...named('ndjson', args.ndjson ? ['-'] : []),
  ]
  const distinct = new Map<string, OutputFile>()
  for (const file of files) {
    const place = placeOf(file.path)
    const other = distinct.get(place)
    if (other !== undefined && other.format !== file.format) throw twice(file.path)
    distinct.set(place, file)
  }
  return [...distinct.values()]
}

/** The same for paths that differ only in strokes and dots: `a`, `./a`, `.//a`. */
export function placeOf(path: string): string {
  return path.replace(/\/(?:\.?\/)+/g, '/').replace(/^(?:\.\/)+(?=.)/, '')
}

function named(format: OutputFile['format'], paths: readonly string[]): readonly OutputFile[] {
  return paths.map((path) => ({ format, path }))
}

function inAll(base: string): readonly OutputFile[] {
  if (base === '-') throw new UsageError('-oA needs a name for its files: standard output takes one report')
  return [
    { format: 'normal', path: `${base}.nmap` },
    { format: 'xml', path: `${base}.xml` },
    { format: 'greppable', path: `${base}.gnmap` },
  ]
}

function twice(path: string): UsageError {
  if (path === '-') return new UsageError('only one report can go to standard output')
  return new UsageError(`two reports cannot go to one file: ${path}`)
}

/** href of the XML's stylesheet: what was said last counts. */
export function stylesheetOf({ stylesheet, _given }: FileArgs): string | undefined {
  const last = _given.findLast((name) => STYLESHEET.has(name))
  if (last === 'stylesheet') return stylesheet
  return last === 'webxml' ? WEB_STYLESHEET : undefined
}

const STYLESHEET: ReadonlySet<string> = new Set(['stylesheet', 'webxml', 'no-stylesheet'])
