import { integer, type OptionTable } from '@portkit/core'
import { template } from './templates.ts'
import { atLeastOne, rate, time } from './values.ts'

const GROUP = 'Time and pace'

/** Further tries at one port: beyond that it is a question of patience, not of loss. */
const MOST_RETRIES = 50

/** How patient and how quick a scan is. */
export const TIMING_OPTIONS = {
  timing: {
    kind: 'value',
    short: 'T',
    placeholder: '0-5',
    coerce: template,
    describe:
      'paranoid, sneaky, polite, normal, aggressive, insane: the single options below change it (normal)',
    group: GROUP,
  },
  'min-rate': {
    kind: 'value',
    placeholder: 'N',
    coerce: rate,
    describe: 'At least N probes a second, whatever is lost by that',
    group: GROUP,
  },
  'max-rate': { kind: 'value', placeholder: 'N', coerce: rate, describe: 'At most N a second', group: GROUP },
  'max-retries': {
    kind: 'value',
    placeholder: 'N',
    coerce: integer(0, MOST_RETRIES),
    describe: 'Further tries at a port that does not answer; else as many as losses call for',
    group: GROUP,
  },
  'initial-rtt-timeout': {
    kind: 'value',
    placeholder: 'TIME',
    coerce: time(1),
    describe: 'How long the first answers are waited for',
    group: GROUP,
  },
  'min-rtt-timeout': {
    kind: 'value',
    placeholder: 'TIME',
    coerce: time(1),
    describe: 'The least that any is waited for',
    group: GROUP,
  },
  'max-rtt-timeout': {
    kind: 'value',
    placeholder: 'TIME',
    coerce: time(1),
    describe: 'The most',
    group: GROUP,
  },
  'host-timeout': {
    kind: 'value',
    placeholder: 'TIME',
    coerce: time(0),
    describe: 'For one host; what is known by then is told (0: no limit)',
    group: GROUP,
  },
  'scan-delay': {
    kind: 'value',
    placeholder: 'TIME',
    coerce: time(0),
    describe: 'From probe to probe at one host',
    group: GROUP,
  },
  'min-parallelism': {
    kind: 'value',
    placeholder: 'N',
    coerce: atLeastOne,
    describe: 'At least N connections under way',
    group: GROUP,
  },
  'max-parallelism': {
    kind: 'value',
    short: 'M',
    placeholder: 'N',
    coerce: atLeastOne,
    describe: 'At most N',
    group: GROUP,
  },
  'min-hostgroup': {
    kind: 'value',
    placeholder: 'N',
    coerce: atLeastOne,
    describe: 'At least N hosts at once',
    group: GROUP,
  },
  'max-hostgroup': {
    kind: 'value',
    placeholder: 'N',
    coerce: atLeastOne,
    describe: 'At most N',
    group: GROUP,
  },
  'max-open': {
    kind: 'value',
    placeholder: 'N',
    coerce: integer(1, 65_535),
    describe: 'Leave a host with more open ports than that: it says yes to everything',
    group: GROUP,
  },
  'defeat-rst-ratelimit': {
    kind: 'flag',
    describe: 'Do not wait for resets that are held back: closed ports may be called filtered',
    group: GROUP,
  },
} as const satisfies OptionTable
