import { LINK_TYPE } from '@portkit/core'
import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { packetsIn } from '../../core/test/capture-runs.ts'
import {
  answersOf,
  countsOf,
  fileOf,
  OPEN,
  outgoing,
  PLAIN,
  readOn,
  recordsOf,
  run,
  world,
} from './sim-kit.ts'

const FAR = world({ hops: { '10.0.0.2': [{ address: '10.0.0.254' }, {}, { address: '10.1.0.254' }] } })
const ODD = world({
  mischief: {
    '10.0.0.2:22': { againMs: [5, 7] },
    '10.0.0.2:23': { lateMs: 60 },
    '10.0.0.2:53': { lost: [0] },
  },
})
const SIX = world({ ports: { '[fd00::2]:22': OPEN } })

function split(command: string): readonly string[] {
  return command.split(' ').filter(Boolean)
}

describe('what --write wrote, --read reports as the live run did', () => {
  it.each<readonly [string, string, World]>([
    ['-S -p ++22 -c 6 -i 10ms 10.0.0.2', '', PLAIN],
    ['-S -p ++22 -c 6 -i 10ms --clock process 10.0.0.2', '', PLAIN],
    ['-S -p 22 -k -c 3 -i 10ms 10.0.0.2', '', PLAIN],
    ['-A -p ++22 -c 3 -i 10ms 10.0.0.2', '', PLAIN],
    ['-F -p ++22 -c 3 -i 10ms 10.0.0.2', '', PLAIN],
    ['-p ++22 -c 3 -i 10ms 10.0.0.2', '', PLAIN],
    ['-S -d 5 --tcp-timestamp -p 22 -c 3 -i 10ms 10.0.0.2', '--tcp-timestamp', PLAIN],
    ['-2 -p 53 -c 3 -i 10ms 10.0.0.2', '', PLAIN],
    ['-2 -p 70 -c 3 -i 10ms -n 10.0.0.2', '-n', PLAIN],
    ['-1 -c 3 -i 10ms 10.0.0.2', '', PLAIN],
    ['-1 -C 13 -c 3 -i 10ms 10.0.0.2', '-C 13', PLAIN],
    ['-1 -c 3 -i 10ms fd00::2', '', PLAIN],
    ['-S -p ++22 -c 2 -i 10ms fd00::2', '', SIX],
    ['-S -p ++22 -c 3 -i 100ms 10.0.0.2', '', ODD],
    ['-T -S -p 22 -c 6 -i 10ms -n 10.0.0.2', '-T -n', FAR],
  ])('hping-ts %s', async (command, andRead, there) => {
    const live = await run(`${command} --write a.pcap`, there)
    expect(live.stderr).not.toContain('hping-ts: ')
    const again = await readOn(live.io, split(`--read a.pcap ${andRead}`))
    expect(countsOf(again.stderr)).toEqual(countsOf(live.stderr))
    expect(roundTripsOf(again.stderr)).toBe(roundTripsOf(live.stderr))
    expect(again.status).toBe(live.status)
    expect(answersOf(again)).toEqual(answersOf(live))
  })

  it.each<readonly [string, World]>([
    ['-S -p ++22 -c 6 -i 10ms 10.0.0.2', PLAIN],
    ['-2 -p 53 -c 3 -i 10ms 10.0.0.2', ODD],
    ['--scan 20-60 -S 10.0.0.2', PLAIN],
    ['--scan 53,69,70 -2 10.0.0.2', PLAIN],
    ['-S -p ++22 -c 4 -i 10ms fd00::2', SIX],
  ])('in its records: hping-ts %s', async (command, there) => {
    const live = await run(`${command} --json --write a.pcap`, there)
    const again = await readOn(live.io, split('--read a.pcap --json'))
    const verdicts = (stdout: string) =>
      recordsOf(stdout, 'verdict').map(({ port, state, reason, sent, received }) =>
        [port, state, reason, sent, received].join(' '),
      )
    expect(verdicts(again.stdout).toSorted()).toEqual(verdicts(live.stdout).toSorted())
    const totalOf = (stdout: string) => {
      const [{ sent, received, again, late } = {}] = recordsOf(stdout, 'total')
      return { sent, received, again, late }
    }
    expect(totalOf(again.stdout)).toEqual(totalOf(live.stdout))
  })
})

/** The line of the round trips, their spread included. */
function roundTripsOf(stderr: string): string {
  return stderr
    .split('\n')
    .filter((line) => line.startsWith('round-trip'))
    .join('\n')
}

describe('--write', () => {
  it('has what was on the wire, packet by packet, in order', async () => {
    const { io } = await run('-S -p ++22 -c 3 -i 10ms --write a.pcap 10.0.0.2')
    const { linkType, packets } = packetsIn(fileOf(io, 'a.pcap'))
    expect(linkType).toBe(LINK_TYPE.raw)
    const sent = new Set(outgoing(io))
    const ours = io.wire.filter((packet) => packet.direction === 'in' || sent.has(packet))
    expect(packets.map(({ octets }) => Buffer.from(octets).toString('hex'))).toEqual(
      ours.map(({ octets }) => Buffer.from(octets).toString('hex')),
    )
  })

  it.each(['-f -d 20', '-d 3000'])('has fragments as they were sent: %s', async (options) => {
    const { io } = await run(`-2 -p 69 -c 1 ${options} --write a.pcap 10.0.0.2`)
    const sent = outgoing(io).map(({ octets }) => [...octets])
    expect(sent.length).toBeGreaterThan(1)
    expect(packetsIn(fileOf(io, 'a.pcap')).packets.map(({ octets }) => [...octets])).toEqual(sent)
  })

  it('keeps whole answers', async () => {
    const { io } = await run('-2 -p 53 -c 1 -d 900 --write a.pcap 10.0.0.2')
    expect(
      packetsIn(fileOf(io, 'a.pcap')).packets.map(({ octets, length }) => [octets.length, length]),
    ).toEqual([
      [928, 928],
      [928, 928],
    ])
  })

  it('does not touch the file when nothing can be sent', async () => {
    const { io, status } = await run('-S -p 22 --write a.pcap 10.0.0.2', world({ packetAccess: false }))
    expect([status, io.written.has('a.pcap')]).toEqual([2, false])
  })
})
