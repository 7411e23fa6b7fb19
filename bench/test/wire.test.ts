import { describe, expect, it } from 'vitest'
import { echoExchanges, exchanges, matchRun } from '../src/wire.mjs'

const T0 = 1_795_242_103_000_000_000n
const out = (us: number, sport: number, flags = 'S') => ({ tNs: at(us), sport, dport: 22, flags })
const back = (us: number, dport: number, flags = 'SA') => ({ tNs: at(us), sport: 22, dport, flags })

function at(us: number): bigint {
  return T0 + BigInt(us) * 1000n
}

describe('the wire', () => {
  it('takes the time from a SYN to its SYN/ACK or RST, in the order of the SYNs', () => {
    const wire = [out(0, 5), out(10, 6), back(60, 6, 'RA'), back(70, 5), out(80, 5, 'A'), out(81, 5, 'R')]
    expect(exchanges(wire, 22)).toEqual([
      { atNs: at(0), port: 5, rttUs: 70 },
      { atNs: at(10), port: 6, rttUs: 50 },
    ])
  })

  it('tells probes from one source port apart', () => {
    const wire = [out(0, 5), back(50, 5), out(55, 5, 'R'), out(1000, 5), back(1040, 5)]
    expect(exchanges(wire, 22).map(({ rttUs }) => rttUs)).toEqual([50, 40])
  })

  it('knows answers that overtake the next probe from the same port by their numbers', () => {
    const wire = [
      { ...out(0, 5), seq: 0xffff_ffff },
      { ...out(10, 5), seq: 7 },
      { ...back(60, 5), ack: 0 },
      { ...back(90, 5), ack: 8 },
      { ...back(95, 5), ack: 9 },
    ]
    expect(exchanges(wire, 22).map(({ rttUs }) => rttUs)).toEqual([60, 80])
  })

  it('leaves out a SYN that was sent twice, was not answered, or goes to another port', () => {
    const elsewhere = { ...out(20, 8), dport: 23 }
    const wire = [out(0, 5), out(10, 5), back(60, 5), out(70, 6), elsewhere, back(90, 8)]
    expect(exchanges(wire, 22)).toEqual([])
  })

  it('is not misled by a reset after the handshake', () => {
    const wire = [out(0, 5), back(50, 5), back(90, 5, 'RA')]
    expect(exchanges(wire, 22).map(({ rttUs }) => rttUs)).toEqual([50])
  })

  it("reads echoes from tcpdump's lines", () => {
    const text = [
      '1795242103.000000500 IP 10.78.0.1 > 10.78.0.2: ICMP echo request, id 9, seq 1, length 64',
      '1795242103.000050500 IP 10.78.0.2 > 10.78.0.1: ICMP echo reply, id 9, seq 1, length 64',
      '1795242103.000060500 IP 10.78.0.2 > 10.78.0.1: ICMP echo reply, id 9, seq 7, length 64',
      'tcpdump: something else',
    ].join('\n')
    expect(echoExchanges(text)).toEqual([{ atNs: T0 + 500n, rttUs: 50 }])
  })
})

describe('matching a run', () => {
  const startMs = Number(T0 / 1_000_000n)
  const span = { fromMs: startMs, toMs: startMs + 1 }
  const wire = [
    { atNs: at(-500), port: 4, rttUs: 99 },
    { atNs: at(100), port: 5, rttUs: 50 },
    { atNs: at(200), port: 6, rttUs: 40 },
    { atNs: at(5000), port: 7, rttUs: 98 },
  ]

  it('goes by order within the time of the run', () => {
    expect(matchRun([{ printedUs: 55 }, { printedUs: 41 }], wire, span)).toEqual([
      { printed: 55, wire: 50 },
      { printed: 41, wire: 40 },
    ])
  })

  it('goes by source port where the tool says it', () => {
    const printed = [
      { printedUs: 41, port: 6 },
      { printedUs: 55, port: 7 },
    ]
    expect(matchRun(printed, wire, span)).toEqual([{ printed: 41, wire: 40 }])
  })

  it('says nothing when lines and exchanges are not equally many', () => {
    expect(matchRun([{ printedUs: 55 }], wire, span)).toEqual([])
  })
})
