import { describe, expect, it } from 'vitest'
import { hostText, many, tableOf } from './text-kit.ts'

const two = tableOf('22/tcp open ssh syn-ack 64\n443/tcp open https syn-ack 64')
const TABLE = `PORT    STATE SERVICE
22/tcp  open  ssh
443/tcp open  https
`

describe('ports that are not shown', () => {
  it('are named by state, then reason, by falling count', () => {
    const ports = tableOf(
      '22/tcp open ssh syn-ack 64\n443/tcp open https syn-ack 64',
      ...many(8, 8, 'filtered', 'port-unreach'),
      ...many(9, 9, 'filtered', 'host-unreach'),
      ...many(1000, 1099, 'filtered', 'no-response'),
      ...many(20_000, 20_003, 'filtered', 'admin-prohibited'),
      ...many(30_000, 39_999, 'closed', 'reset'),
    )
    expect(hostText({ ports })).toBe(`Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).
Not shown: 10000 closed tcp ports (reset), 100 filtered tcp ports (no-response), 4 filtered tcp ports (admin-prohibited), 1 filtered tcp ports (host-unreach), 1 filtered tcp ports (port-unreach)
${TABLE}
`)
  })

  it('come in the order nmap 7.93 has where counts are equal', () => {
    const ports = tableOf(
      '',
      ...many(1, 10, 'filtered', 'port-unreach'),
      ...many(11, 20, 'filtered', 'host-unreach'),
      ...many(21, 30, 'filtered', 'admin-prohibited'),
      ...many(31, 40, 'filtered', 'no-response'),
      ...many(41, 80, 'closed', 'reset'),
      ...many(1, 10, 'closed', 'port-unreach', 'udp'),
      ...many(11, 20, 'filtered', 'host-unreach', 'udp'),
      ...many(21, 80, 'closed', 'port-unreach', 'udp'),
    )
    expect(hostText({ ports })).toContain(`
All 160 scanned ports on 10.77.0.2 are in ignored states.
Not shown: 70 closed udp ports (port-unreach), 40 closed tcp ports (reset), 10 filtered udp ports (host-unreach), 10 filtered tcp ports (no-response), 10 filtered tcp ports (admin-prohibited), 10 filtered tcp ports (host-unreach), 10 filtered tcp ports (port-unreach)
`)
    const equal = tableOf('', ...many(1, 40, 'filtered', 'no-response'), ...many(41, 80, 'closed', 'reset'))
    expect(hostText({ ports: equal })).toContain(
      'Not shown: 40 closed tcp ports (reset), 40 filtered tcp ports (no-response)\n',
    )
  })

  it.each([
    { verbose: 0, debugging: 0, most: 25 },
    { verbose: 1, debugging: 0, most: 50 },
    { verbose: 2, debugging: 0, most: 75 },
    { verbose: 0, debugging: 1, most: 525 },
    { verbose: 1, debugging: 1, most: 550 },
  ])('are those of a state with more than $most with -v $verbose, -d $debugging', ({ most, ...options }) => {
    const few = hostText({ ports: tableOf('', ...many(1, most, 'closed', 'reset')) }, options)
    expect(few).not.toContain('Not shown')
    expect(few.match(/^\d+\/tcp +closed/gm)).toHaveLength(most)
    const more = hostText({ ports: tableOf('', ...many(0, most, 'closed', 'reset')) }, options)
    expect(more).toContain(`All ${most + 1} scanned ports on 10.77.0.2 are in ignored states.\nNot shown: `)
    expect(more).not.toContain('PORT')
  })

  it('count TCP and UDP together', () => {
    const ports = tableOf(
      '',
      ...many(1, 20, 'closed', 'reset'),
      ...many(1, 20, 'closed', 'port-unreach', 'udp'),
    )
    expect(hostText({ ports })).toContain(`
All 40 scanned ports on 10.77.0.2 are in ignored states.
Not shown: 20 closed udp ports (port-unreach), 20 closed tcp ports (reset)
`)
  })

  it('never are open ones, from -vvv on never open|filtered ones, and with -ddd none', () => {
    const open = tableOf('', ...many(1, 100, 'open', 'syn-ack'))
    expect(hostText({ ports: open })).not.toContain('Not shown')
    const silent = tableOf('', ...many(1, 1000, 'open|filtered', 'no-response'))
    expect(hostText({ ports: silent }, { verbose: 2 })).toContain('Not shown')
    expect(hostText({ ports: silent }, { verbose: 3 })).not.toContain('Not shown')
    const closed = tableOf('', ...many(1, 5000, 'closed', 'reset'))
    expect(hostText({ ports: closed }, { debugging: 2 })).toContain('Not shown')
    expect(hostText({ ports: closed }, { debugging: 3 })).not.toContain('Not shown')
  })
})

describe('--open', () => {
  it('counts what is closed or filtered, however few', () => {
    const ports = tableOf(
      '22/tcp open ssh syn-ack 64\n443/tcp open https syn-ack 64\n111/tcp closed rpcbind reset 64',
    )
    expect(hostText({ ports }, { openOnly: true })).toBe(`Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).
Not shown: 1 closed tcp port (reset)
${TABLE}
`)
  })

  it('leaves hosts out that have nothing open, but not those of which too little is known', () => {
    const ports = tableOf('111/tcp closed rpcbind reset 64')
    expect(hostText({ ports }, { openOnly: true })).toBe('')
    expect(hostText({ ports }, { openOnly: true, verbose: 2 })).toBe('')
    expect(hostText({ ports, ended: 'host-timeout', unasked: 5 }, { openOnly: true })).toContain(
      'The 1 scanned port on 10.77.0.2 is in ignored states.\nNot shown: 1 closed tcp port (reset)\n',
    )
  })

  it('shows what may be open: open|filtered and, as nmap 7.93 does, unfiltered', () => {
    const ports = tableOf('1/tcp unfiltered tcpmux reset 64')
    expect(hostText({ ports }, { openOnly: true })).toContain(
      '\n\nPORT  STATE      SERVICE\n1/tcp unfiltered tcpmux\n',
    )
    const silent = tableOf('53/udp open|filtered domain no-response')
    expect(hostText({ ports: silent }, { openOnly: true })).toContain('53/udp open|filtered domain\n')
  })

  it('warns that filtered ports may be closed ones when resets are not waited for', () => {
    const ports = tableOf(
      '22/tcp open ssh syn-ack 64\n443/tcp open https syn-ack\n1/tcp filtered - no-response',
    )
    const options = { openOnly: true, defeatsRstLimit: true }
    expect(hostText({ ports }, options)).toContain(
      `Not shown: 1 filtered tcp port (no-response)\nSome closed ports may be reported as filtered due to --defeat-rst-ratelimit\n${TABLE}`,
    )
    expect(hostText({ ports }, { openOnly: true })).not.toContain('Some closed')
    expect(hostText({ ports: two }, options)).not.toContain('Some closed')
  })
})
