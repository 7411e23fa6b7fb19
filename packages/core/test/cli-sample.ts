import { count, durationMs, nonEmpty, percentOrCount } from '../src/cli/coerce.ts'
import { defineCli } from '../src/cli/define.ts'
import { err, out } from '../src/cli/line.ts'
import { LocalFault, ResolveError, UsageError } from '../src/model/errors.ts'

/** Options of every kind, for the tests of the kit. */
export const options = {
  count: { kind: 'value', short: 'c', placeholder: 'N', coerce: count, describe: 'Stop after N probes' },
  interval: {
    kind: 'value',
    short: 'i',
    placeholder: 'TIME',
    coerce: durationMs({ minMs: 1 }),
    default: '1',
    describe: 'From the start of a probe to the start of the next one, or a time with a unit such as 500ms',
  },
  interface: { kind: 'value', short: 'I', placeholder: 'NAME', coerce: nonEmpty, describe: 'Leave by it' },
  ipv4: { kind: 'flag', short: '4', describe: 'Only IPv4' },
  ports: { kind: 'value', short: 'p', describe: "The port's numbers", group: 'Output: [all] of it' },
  verbose: { kind: 'flag', short: 'vV', describe: 'Say more \\ back', group: 'Output: [all] of it' },
  zero: { kind: 'flag', short: 'z', describe: 'Only look' },
  wait: { kind: 'value', short: 'w', coerce: durationMs(), describe: 'Wait so long' },
  until: { kind: 'value', choices: ['open', 'closed'], describe: 'Stop in that state' },
  require: { kind: 'value', coerce: percentOrCount, default: '1', describe: 'How many' },
  header: { kind: 'value', short: 'H', repeatable: true, describe: 'Add a line' },
  output: { kind: 'value', short: 'o', placeholder: 'FILE', completes: 'file', describe: 'Write there' },
  via: { kind: 'value', completes: 'host', describe: 'Ask that host' },
} as const

/** A tool that does what its first word says; `ended` is called when its `finally` runs. */
export function sampleCli(ended: () => void = () => {}) {
  return defineCli({
    name: 'sample',
    summary: 'try the kit',
    usage: ['[option]... host port...', '[option]... host:port...'],
    description: ['First paragraph.', ".Second\\one isn't `easy` ~ \"here\" é — 'x'."],
    positionals: [
      ['host', 'a name or an address'],
      ['port', 'numbers and names'],
    ],
    examples: [
      ['sample -c 4 db.lan 22', 'four probes'],
      ["sample db.lan 22 | awk '{print $0}'", 'in a pipe'],
    ],
    exitStatus: [
      ['0', 'all is well'],
      ['2', 'a bad command line'],
    ],
    sections: [['Signals', 'Ctrl-C ends it.', '.hidden']],
    usageStatus: 2,
    faultStatus: ({ ipv4 }) => (ipv4 ? 255 : 2),
    options,
    async *run(args) {
      try {
        yield out(`${JSON.stringify(args)}\n`)
        yield err('note\n')
        fail(args._[0])
        for (let i = 0; args._[0] === 'endless' || i < 2; i++) yield out(`line ${i}\n`)
        return 7
      } finally {
        ended()
      }
    },
  })
}

const FAILURES: Readonly<Record<string, () => unknown>> = {
  usage: () => new UsageError("port invalid: '\u{1b}[2J'"),
  resolve: () => new ResolveError('nowhere', 'ENOTFOUND', 'Name or service not known'),
  fault: () => new LocalFault('EMFILE', 'too many open files: raise ulimit -n'),
  bug: () => new TypeError('it broke\u{9b}2J\nbadly'),
  string: () => 'only a string',
}

function fail(how: string | undefined): void {
  const failure = FAILURES[how ?? '']
  if (failure !== undefined) throw failure()
}
