import { describeCases } from '@portkit/lab/recorded'
import { describe, expect, it } from 'vitest'
import { JUDGEMENTS } from './recorded-judgements.ts'
import { HPING } from './recorded-kit.ts'
import { DIALECT, masked } from './recorded-normal.ts'
import { verdictFaults } from './recorded-verdicts.ts'

const cases = [...HPING.files.values()].flat()

describeCases(HPING, JUDGEMENTS.keys(), 224)

describe('what is kept of the recorded runs', () => {
  it.each(
    cases.filter(({ argv }) => argv.length === 0 || argv.some((word) => /^(?:--.*help|-h)$/.test(word))),
  )('is no text of help in $id', ({ stdout, stderr }) =>
    expect([stdout, stderr]).toEqual([undefined, undefined]),
  )
})

describe('what varies from run to run', () => {
  it.each([
    [
      'len=33 ip=10.77.0.2 ttl=64 DF id=46556 seq=0 rtt=1.0 ms',
      'len=33 ip=10.77.0.2 ttl=64 DF id=ID seq=0 rtt=RTT ms',
    ],
    [
      'len=44 ip=10.77.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=2 win=64240 rtt=0.058 ms',
      'len=44 ip=10.77.0.2 ttl=64 DF id=0 sport=22 flags=SA seq=2 win=64240 rtt=RTT ms',
    ],
    ['seq=1242108847 ack=1340032350 sum=b68d urp=0', 'seq=SEQ ack=ACK sum=SUM urp=0'],
    ['seq=0 ack=78699554 sum=c4ae urp=0', 'seq=0 ack=ACK sum=SUM urp=0'],
    [' 174404209 +174404209', 'ISN +INCREASE'],
    ['174404209 +174404209', '174404209 +174404209'],
    ['hop=2 hoprtt=0.069 ms', 'hop=2 hoprtt=RTT ms'],
    ['status=0 port=2986 seq=0', 'status=0 port=PORT seq=0'],
    ['round-trip min/avg/max = 0.0/0.0/0.0 ms', 'round-trip min/avg/max = NONE'],
    ['round-trip min/avg/max = 0.1/0.6/1.0 ms', 'round-trip min/avg/max = RTT'],
    ['\t\t4500 002c 5b62 4000 4006 2630 0a4d 0002 ', '\t\t4500 002c ID 4000 4006 SUM 0a4d 0002 '],
    ['    7 echo       :           64 54738          28', '    7 echo       :           64 ID          28'],
    [
      '   22 ssh        : .S..A...  64     0 64240    44',
      '   22 ssh        : .S..A...  64     0 64240    44',
    ],
  ])('%s is compared as %s', (line, compared) => expect(masked(line)).toBe(compared))

  it('splits off what ours alone tells', () => {
    const stderr = [
      '1 packets transmitted, 1 packets received, 0% packet loss',
      'round-trip min/avg/max = 0.048/0.061/0.074 ms',
      'round-trip mdev = 0.009 ms',
      'port 22: open (syn-ack), 1 of 1 answered',
      '10.80.0.1: no answer (admin-prohibited from 10.77.0.2), 1 of 1 answered',
      '1 duplicate answer',
    ]
    const report = DIALECT.report('', stderr.map((line) => `${line}\n`).join(''), [])
    expect(report.table).toEqual(stderr.slice(2, 5))
    expect(report.stderr).toEqual([stderr[0], 'round-trip min/avg/max = RTT', stderr[5]])
  })
})

describe('the packets of a scan', () => {
  const syn = (port: number): string =>
    `IP (tos 0x0, ttl 64, id 7, offset 0, flags [none], proto TCP (6), length 40) 10.77.0.1.9000 > 10.77.0.2.${port}: Flags [S], cksum 0x8932 (correct), seq 5, win 512, length 0`

  it('are told by their ports, however often each was asked', () => {
    expect(DIALECT.packets([22, 20, 21, 80, 22].map(syn), ['-8', '20-22,80', '-S', '10.77.0.2'])).toEqual([
      'N=20-22,80 (tos 0x0, ttl 64, id ID, offset 0, flags [none], proto TCP (6), length 40) 10.77.0.1.PORT > 10.77.0.2.N: Flags [S], cksum correct, seq SEQ, win 512, length 0',
    ])
  })
})

describe('the verdicts of a run', () => {
  const ofCase = (id: string) => {
    const run = cases.find((each) => each.id === id)
    if (run === undefined) throw new Error('no such run')
    return run
  }
  const outcome = (id: string, table: readonly string[]) => {
    const { exit, stderr = [], wire = [] } = ofCase(id)
    return { exit, lines: [], stderr, wire, table, seconds: 1 }
  }
  const faults = (id: string, ...table: readonly string[]) => verdictFaults(ofCase(id), outcome(id, table))

  it.each([
    ['h-033', 'port 22: open (syn-ack), 1 of 1 answered'],
    ['h-039', 'port 8: filtered (admin-prohibited), 1 of 1 answered'],
    ['h-056', 'port 22: unfiltered (reset), 1 of 1 answered'],
    ['h-079', 'port 22: unknown (no-response), 0 of 1 answered'],
    ['h-116', '10.80.0.1: no answer (admin-prohibited from 10.77.0.2), 1 of 1 answered'],
    ['h-135', 'udp port 137: open|filtered (no-response), 0 of 1 answered'],
    ['h-182', 'port 22: unknown (time-exceeded from 10.77.0.2), 1 of 1 answered'],
  ])('in %s are complete with %s', (id, line) => expect(faults(id, line)).toEqual([]))

  it.each([
    'port 22: closed (reset), 1 of 1 answered',
    'port 23: open (syn-ack), 1 of 1 answered',
    'port 22: open (syn-ack), 1 of 2 answered',
    'port 22: open (syn-ack from 10.77.0.3), 1 of 1 answered',
    '10.77.0.2: up (echo-reply), 1 of 1 answered',
  ])('are wrong with %s', (line) => expect(faults('h-033', line)).not.toEqual([]))

  it('are missed, and not told twice', () => {
    const line = 'port 22: open (syn-ack), 1 of 1 answered'
    expect(faults('h-033')).not.toEqual([])
    expect(faults('h-033', line, line)).not.toEqual([])
  })

  it('of a scan are rows, of which those alike may only be counted', () => {
    const open = '22/tcp  ssh  open  syn-ack  0.019ms'
    expect(faults('h-148', open, 'Not shown: 5 closed ports (reset)')).toEqual([])
    expect(faults('h-148', open, 'Not shown: 4 closed ports (reset)')).not.toEqual([])
    expect(faults('h-148', open)).not.toEqual([])
    expect(faults('h-148', '22/tcp  ssh  closed  reset', 'Not shown: 5 closed ports (reset)')).not.toEqual([])
  })
})
