import { type Io, LocalFault, type Matcher } from '@portkit/core'
import type { Evidence, Service } from '../model/service.ts'
import type { Database, Fingerprint } from './fingerprint.ts'
import { readFolder } from './read-folder.ts'
import { type Recognised, recognise } from './recognise.ts'

/** A service as the user's fingerprints know it. */
export interface Named {
  readonly service: Service
  /** CPE 2.3 names, the best first. */
  readonly cpes: readonly string[]
}

/** The user's databases of fingerprints (Recog's XML files), ready to name products. */
export interface Fingerprints {
  /** Fills in what the service does not say itself. Its protocol and what it says stay as they are. Never rejects. */
  name(service: Service): Promise<Named>
  /** Sentences for the user: which patterns could not be used, or were left out because they are slow. */
  notes(): readonly string[]
  close(): void
}

/** Characters of a text that are looked at; of a login text fewer, since its patterns are the slowest. */
const MOST_TEXT = 4096
const MOST_LOGIN = 1024

/** The patterns of one database. */
interface Range {
  readonly preference: number
  readonly from: number
  readonly to: number
}

/**
 * Reads all `*.xml` files of a folder. Whatever patterns are in there, and whatever texts they meet, the run is neither
 * stopped nor slowed: they are matched in a thread of its own, with limits. Rejects with LocalFault for a folder or file
 * that cannot be read, and for a folder without any such file.
 */
export async function openFingerprints(
  folder: string,
  io: Pick<Io, 'system' | 'openMatcher'>,
): Promise<Fingerprints> {
  const databases = await readFolder(folder, io.system)
  if (databases.length === 0)
    throw new LocalFault(
      'ENOENT',
      `no XML files in ${folder}: Recog's files are expected there`,
      'fingerprints',
    )
  const all = databases.flatMap(({ fingerprints }) => fingerprints)
  const matcher = await io.openMatcher(all.map(({ pattern }) => pattern))
  const ranges = rangesOf(databases)
  return {
    async name(service) {
      const looks = (service.evidence ?? [])
        .flatMap((evidence) => rangesFor(ranges, evidence).map((range) => ({ evidence, range })))
        .sort((one, other) => other.range.preference - one.range.preference)
      const found: Recognised[] = []
      for (const { evidence, range } of looks) {
        const recognised = await look(matcher, all, evidence, range)
        if (recognised !== undefined) found.push(recognised)
      }
      return named(service, found)
    },
    notes: () => notesOf(folder, databases, matcher.slow),
    close: () => matcher.close(),
  }
}

/** Where each kind of text has its patterns. */
function rangesOf(databases: readonly Database[]): ReadonlyMap<string, readonly Range[]> {
  const ranges = new Map<string, Range[]>()
  let from = 0
  for (const { matches, fingerprints, preference } of databases) {
    const to = from + fingerprints.length
    ranges.set(matches, [...(ranges.get(matches) ?? []), { preference, from, to }])
    from = to
  }
  return ranges
}

/** Recog's own files have these names as well; the one of telnet tells none, and goes by its own. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'imap.banner': 'imap4.banner',
  'telnet.banner': 'telnet_banners',
}

function rangesFor(ranges: ReadonlyMap<string, readonly Range[]>, { field }: Evidence): readonly Range[] {
  return [...(ranges.get(field) ?? []), ...(ranges.get(OTHER_NAMES[field] ?? '') ?? [])]
}

async function look(
  matcher: Matcher,
  all: readonly Fingerprint[],
  { field, text }: Evidence,
  { from, to }: Range,
): Promise<Recognised | undefined> {
  const short = text.slice(0, field.startsWith('telnet.') ? MOST_LOGIN : MOST_TEXT)
  const match = await matcher.first(short, from, to)
  const fingerprint = match && all[match.at]
  return fingerprint && recognise(fingerprint, short, match)
}

/** What the service says itself counts more. A version goes only with the product that it is of. */
function named(service: Service, found: readonly Recognised[]): Named {
  const cpes = [...new Set(found.flatMap((one) => one.cpes))]
  const best = found.find(({ product }) => product !== undefined)
  const product = service.product ?? best?.product
  const same = found.find((one) => one.version !== undefined && isSame(one.product, product))
  const vendor = best !== undefined && isSame(best.product, product) ? best.vendor : undefined
  const descriptions = [...new Set(found.flatMap(({ description }) => description ?? []))]
  return {
    cpes,
    service: {
      ...service,
      product,
      version: service.version ?? same?.version,
      os: service.os ?? found.find(({ os }) => os !== undefined)?.os,
      ...(found.length > 0 && {
        details: {
          ...service.details,
          ...(vendor !== undefined && { vendor }),
          ...(descriptions.length > 0 && { fingerprints: descriptions }),
        },
      }),
    },
  }
}

function isSame(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one.toLowerCase() === other?.toLowerCase()
}

function notesOf(folder: string, databases: readonly Database[], slow: readonly number[]): readonly string[] {
  const unusable = databases.reduce((sum, database) => sum + database.unusable, 0)
  const all = unusable + databases.reduce((sum, { fingerprints }) => sum + fingerprints.length, 0)
  const owners = databases.flatMap(({ file, fingerprints }) =>
    fingerprints.map(({ description }) => `${file}: ${description}`),
  )
  return [
    ...(unusable > 0 ? [`${unusable} of ${all} patterns in ${folder} cannot be used here`] : []),
    ...slow.map((at) => `a pattern that takes too long is left out: ${owners[at] ?? ''}`),
  ]
}
