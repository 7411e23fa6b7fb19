import { encodeTcp } from '@portkit/core/wire'
import { describe, expect, it } from 'vitest'
import { notResponding, scanDone, scanHeader, scanRow } from '../src/words/scan-text.ts'
import { hex, ip4, seen } from './words-kit.ts'
import { icmpErrorFrom } from './words-retell.ts'

const SSH = { port: 22, service: 'ssh' }

function tcp(flags: number) {
  const segment = new Uint8Array(20)
  const fields = { sourcePort: 22, destinationPort: 1024, seq: 0, ack: 0, reserved: 0, urgent: 0 }
  encodeTcp({ ...fields, window: 64_240, flags, options: [] }, segment, 0, 0)
  return seen('tcp', ip4({ protocol: 6, id: 12_345 }, segment))
}

describe('the lines of a scan', () => {
  it('begin with what is scanned, on standard error', () => {
    const { to, text } = scanHeader({
      host: 'target.lab',
      address: '10.77.0.2',
      ports: '20-25,!22\x1b',
      count: 5,
    })
    expect(to).toBe('err')
    expect(text).toBe(
      'Scanning target.lab (10.77.0.2), port 20-25,!22\\x1b\n' +
        '5 ports to scan, use -V to see all the replies\n' +
        '+----+-----------+---------+---+-----+-----+-----+\n' +
        '|port| serv name |  flags  |ttl| id  | win | len |\n' +
        '+----+-----------+---------+---+-----+-----+-----+\n',
    )
  })

  it.each([
    [0x12, '   22 ssh        : .S..A...  64 12345 64240    40\n'],
    [0x00, '   22 ssh        : ........  64 12345 64240    40\n'],
    [0xff, '   22 ssh        : FSRPAYXY  64 12345 64240    40\n'],
  ])('show the flags %i in columns', (flags, text) => {
    expect(scanRow(SSH, tcp(flags))).toEqual({ to: 'out', text })
  })

  it('cut long names of services, and leave room where there is none', () => {
    expect(scanRow({ port: 445, service: 'microsoft-ds' }, tcp(0x12)).text).toBe(
      '  445 microsoft-d: .S..A...  64 12345 64240    40\n',
    )
    expect(scanRow({ port: 65_535, service: undefined }, tcp(0x12)).text).toBe(
      '65535            : .S..A...  64 12345 64240    40\n',
    )
  })

  it('leave flags and window blank over UDP, and the id over IPv6', () => {
    const udp4 = seen('udp', ip4({ protocol: 17, id: 7 }, hex('0007040000080000')))
    expect(scanRow({ port: 7, service: 'echo' }, udp4).text).toBe(
      '    7 echo       :           64     7          28\n',
    )
    const [from, to] = ['2', '1'].map((last) => `${'fd77'.padEnd(31, '0')}${last}`)
    const octets = hex(`6000000000081140 ${from} ${to} 0007040000080000`)
    expect(scanRow({ port: 7, service: 'echo' }, seen('udp', octets)).text).toBe(
      '    7 echo       :           64                48\n',
    )
    expect(scanRow({ port: 7, service: 'echo' }, seen('udp', octets, { isHeaderRebuilt: true })).text).toBe(
      '    7 echo       :                             48\n',
    )
  })

  it('tell ICMP errors in their own words', () => {
    const error = seen('icmp-error', icmpErrorFrom('10.77.0.2', 3, 13))
    expect(scanRow({ port: 8, service: undefined }, error).text).toBe(
      '    8            : ICMP Packet filtered from ip=10.77.0.2\n',
    )
  })

  it('end with the ports that did not answer', () => {
    expect(scanDone()).toEqual({ to: 'err', text: 'All replies received. Done.\n' })
    const ports = [
      { port: 24, service: undefined },
      { port: 137, service: 'netbios-ns' },
      { port: 445, service: 'microsoft-ds' },
    ]
    expect(notResponding(ports)).toEqual({
      to: 'out',
      text: 'Not responding ports: (24 ) (137 netbios-ns) (445 microsoft-d) \n',
    })
    expect(notResponding([]).text).toBe('Not responding ports: \n')
  })
})
