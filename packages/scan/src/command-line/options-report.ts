import { COLOUR_MODES, nonEmpty, type OptionTable } from '@portkit/core'
import { debugging, verbosity } from './levels.ts'
import { seed, time } from './values.ts'

const REPORT = 'What is told'
const FILES = 'Where it goes'
const MACHINES = 'Long scans, many machines'

const file = (placeholder: string, describe: string) =>
  ({
    kind: 'value',
    oneDash: true,
    placeholder,
    coerce: nonEmpty,
    repeatable: true,
    completes: 'file',
    describe,
    group: FILES,
  }) as const

/** The formats of a report, and their files. */
export const FILE_OPTIONS = {
  oN: file('FILE', 'The text, as nmap writes it; - is standard output, also below'),
  oX: file('FILE', "XML, as nmap's: for all that reads it"),
  oG: file('FILE', 'One line a host, for grep'),
  oA: file('BASE', 'These three: BASE.nmap, BASE.xml, BASE.gnmap'),
  oJ: file('FILE', 'One JSON document'),
  oD: file('FILE', 'One JSON record a line, each port the moment it is known'),
  json: { kind: 'flag', describe: 'As -oJ -: in place of the text', group: FILES },
  ndjson: { kind: 'flag', describe: 'As -oD -: in place of the text', group: FILES },
  stylesheet: {
    kind: 'value',
    placeholder: 'URL',
    coerce: nonEmpty,
    describe: "The XML's stylesheet, by its path or URL",
    group: FILES,
  },
  webxml: { kind: 'flag', describe: "The stylesheet at nmap's website", group: FILES },
  'no-stylesheet': { kind: 'flag', describe: 'None, as without these', group: FILES },
} as const satisfies OptionTable

/** What is told, for every report. */
export const TELLING_OPTIONS = {
  verbose: {
    kind: 'value',
    short: 'v',
    placeholder: 'LEVEL',
    bare: '',
    coerce: verbosity,
    repeatable: true,
    describe: 'Tell more, and open ports as they are found: -v, -vv or -v2, up to 10',
    group: REPORT,
  },
  reason: { kind: 'flag', describe: 'Why a port has its state', group: REPORT },
  open: { kind: 'flag', describe: 'Only open ports, and ports that may be', group: REPORT },
} as const satisfies OptionTable

/** How the text looks. */
export const COLOUR_OPTIONS = {
  colour: {
    kind: 'value',
    choices: COLOUR_MODES,
    default: 'auto',
    describe: 'Colours; auto on a terminal, unless NO_COLOR is set',
    group: REPORT,
  },
  color: { kind: 'value', hidden: true, yields: true, choices: COLOUR_MODES, describe: '--colour' },
} as const satisfies OptionTable

/** What the exit status says. */
export const STATUS_OPTIONS = {
  'exit-code': {
    kind: 'value',
    choices: ['nmap', 'state'],
    default: 'nmap',
    describe: 'Exit status as nmap has it, or by what was found',
    group: REPORT,
  },
} as const satisfies OptionTable

const WHILE_RUNNING = {
  debug: {
    kind: 'value',
    short: 'd',
    placeholder: 'LEVEL',
    bare: '',
    coerce: debugging,
    repeatable: true,
    describe: 'Tell how the scan goes on: -d, -dd or -d2; implies as much -v',
    group: REPORT,
  },
  'packet-trace': { kind: 'flag', describe: 'All packets, or connections', group: REPORT },
  'stats-every': {
    kind: 'value',
    placeholder: 'TIME',
    coerce: time(1),
    describe: 'How far the scan is, that often',
    group: REPORT,
  },
  progress: {
    kind: 'flag',
    describe: 'A line on stderr that says how far, also where that is no terminal',
    group: REPORT,
  },
  'no-progress': { kind: 'flag', describe: 'None, also on a terminal', group: REPORT },
  noninteractive: { kind: 'flag', hidden: true, describe: 'No keys are read, as always here' },
  ...COLOUR_OPTIONS,
  ...STATUS_OPTIONS,
} as const satisfies OptionTable

/** Long scans, and scans in parts. */
const BEYOND = {
  checkpoint: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Keep the state of the run there, for --resume',
    group: MACHINES,
  },
  resume: {
    kind: 'value',
    placeholder: 'FILE',
    coerce: nonEmpty,
    completes: 'file',
    describe: 'Go on with the run whose state that is; only options about what is told go with it',
    group: MACHINES,
  },
  shard: {
    kind: 'value',
    placeholder: 'I/N',
    coerce: nonEmpty,
    describe: 'Only part I of N of the scan, 1/N to N/N; needs --seed',
    group: MACHINES,
  },
  seed: {
    kind: 'value',
    placeholder: 'NUMBER',
    coerce: seed,
    describe: 'What the random order is made from; the same one for all parts',
    group: MACHINES,
  },
} as const satisfies OptionTable

export const REPORT_OPTIONS = {
  ...TELLING_OPTIONS,
  ...WHILE_RUNNING,
  ...FILE_OPTIONS,
  'append-output': {
    kind: 'flag',
    describe: 'Add to files in place of writing them anew: XML and JSON are then document after document',
    group: FILES,
  },
  ...BEYOND,
} as const satisfies OptionTable
