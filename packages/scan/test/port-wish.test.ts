import { UsageError } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { readPorts } from '../src/grammar/port-wish.ts'
import type { PortNames } from '../src/grammar/service-names.ts'
import { NAMES } from './grammar-kit.ts'

/** Popular in an order that numbers do not give away. */
const names: PortNames = {
  ...NAMES,
  popular: (protocol) => (protocol === 'tcp' ? [80, 23, 443, 21] : [53, 161]),
}
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
const NO_TCP =
  'WARNING: a TCP scan type was requested, but no tcp ports were specified.  Skipping this scan type.'
const NO_UDP = 'WARNING: UDP scan was requested, but no udp ports were specified.  Skipping this scan type.'

describe('the ports that are asked', () => {
  it('are the thousand most popular ones of each protocol when nobody says which', () => {
    const { tcp, udp, warnings } = readPorts({}, ['tcp', 'udp'], NAMES)
    for (const [ports, popular] of [
      [tcp, NAMES.popular('tcp')],
      [udp, NAMES.popular('udp')],
    ] as const) {
      expect(ports).toEqual(popular.slice(0, 1000).sort((a, b) => a - b))
    }
    expect(warnings).toEqual([])
  })

  it.each([
    [{ top: 3 }, [23, 80, 443]],
    [{ top: 6 }, [1, 2, 21, 23, 80, 443]],
    [{ top: 65_535 }, range(1, 65_535)],
    [{ top: 1_000_000 }, range(1, 65_535)],
    [{ top: 2, exclude: '80' }, [23, 443]],
    [{ spec: '1-30', top: 2 }, [21, 23]],
    [{ spec: '1-30', top: 3 }, [1, 21, 23]],
    [{ spec: '60001-60010', top: 2 }, [60_001, 60_002]],
    [{ spec: '1-30', top: 70_000 }, range(1, 30)],
    [{ spec: '0,5', top: 2 }, [0, 5]],
    [{ spec: '20-40', exclude: '1-30' }, range(31, 40)],
    [{ spec: '20-40', exclude: '[20-22]' }, range(23, 40)],
    [{ spec: '20-40', exclude: 'ssh,U:5' }, [20, 21, ...range(23, 40)]],
    [{ spec: '1', exclude: 'S:1' }, [1]],
    [{ spec: '1-30', exclude: '-22', top: 2 }, [23, 24]],
  ])('%j: these, ascending', (wish, tcp) => {
    expect(readPorts(wish, ['tcp'], names)).toEqual({ tcp, udp: [], warnings: [] })
  })

  it('of both protocols are chosen apart', () => {
    const wish = { spec: 'T:1-30,U:1-60', top: 2, exclude: 'T:21' }
    expect(readPorts(wish, ['tcp', 'udp'], names)).toEqual({ tcp: [1, 23], udp: [1, 53], warnings: [] })
  })

  it.each([
    [{ spec: '22', exclude: '-' }, ['tcp'], [NO_TCP]],
    [{ spec: '22', exclude: '-' }, ['tcp', 'udp'], [NO_TCP, NO_UDP]],
    [{ spec: 'T:22' }, ['tcp', 'udp'], [NO_UDP]],
    [{ spec: 'U:53' }, ['tcp', 'udp'], [NO_TCP]],
    [
      { spec: 'U:53,U:53', exclude: '1,1' },
      ['tcp'],
      [
        'WARNING: Duplicate port number(s) specified.  Each is left out.',
        'WARNING: Your ports include "U:" but you haven\'t specified UDP scan with -sU.',
        'WARNING: Duplicate port number(s) specified.  Each is asked once.',
        NO_TCP,
      ],
    ],
  ] as const)('%j for %j warns', (wish, protocols, warnings) => {
    expect(readPorts(wish, protocols, names).warnings).toEqual(warnings)
  })

  it.each([0, -1, 3.5, Number.NaN])('refuses the %d most popular', (top) => {
    const error = new UsageError('--top-ports should be an integer 1 or greater')
    expect(() => readPorts({ top }, ['tcp'], names)).toThrow(error)
  })

  it.each([
    [{ exclude: 'T:' }, /^No ports specified/],
    [{ exclude: '' }, /^Error #485/],
    [{ exclude: '30-20', spec: '' }, /^Your port range 30-20 is backwards/],
    [{ spec: '', top: 3 }, /^Error #485/],
  ])('%j is refused as its part would be', (wish, message) => {
    expect(() => readPorts(wish, ['tcp'], names)).toThrow(message)
  })

  it('does not change the order of the popular ports it was given', () => {
    const before = [...NAMES.popular('tcp')]
    readPorts({ top: 100 }, ['tcp'], NAMES)
    expect(NAMES.popular('tcp')).toEqual(before)
  })
})
