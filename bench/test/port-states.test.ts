import { describe, expect, it } from 'vitest'
import { statesInList, statesInXml, wrongStates } from '../src/port-states.mjs'

const xml = `<nmaprun><hosthint><address addr="10.0.0.9" addrtype="ipv4"/></hosthint>
<host starttime="1" endtime="2"><status state="up"/><address addr="10.0.0.1" addrtype="ipv4"/>
<ports><extraports state="closed" count="3">
<extrareasons reason="reset" count="3" proto="tcp" ports="1-2,5"/>
</extraports>
<port protocol="tcp" portid="3"><state state="open" reason="syn-ack" reason_ttl="64"/></port>
<port protocol="udp" portid="4"><state state="open" reason="udp-response" reason_ttl="64"/></port>
</ports></host>
<host><address addr="fd00::1" addrtype="ipv6"/><ports></ports></host></nmaprun>`

const task = {
  label: 'here',
  targets: [],
  addresses: ['10.0.0.1'],
  ports: { from: 1, to: 5 },
  truth: (port: number) => (port === 3 ? 'open' : 'closed') as 'open' | 'closed',
}

describe('states of ports', () => {
  it('reads listed and collapsed TCP ports of each host, and no hints', () => {
    const states = statesInXml(xml)
    expect([...states.keys()]).toEqual(['10.0.0.1', 'fd00::1'])
    expect([...(states.get('10.0.0.1') ?? [])].sort()).toEqual([
      [1, 'closed'],
      [2, 'closed'],
      [3, 'open'],
      [5, 'closed'],
    ])
  })

  it('counts a port of which nothing is said, and one of which something false is said', () => {
    expect(wrongStates(statesInXml(xml), task, 'syn', false)).toEqual([
      { address: '10.0.0.1', port: 4, said: undefined, is: 'closed' },
    ])
    const closed = xml.replace('portid="3"><state state="open"', 'portid="3"><state state="closed"')
    expect(wrongStates(statesInXml(closed), task, 'syn', false).map(({ port }) => port)).toEqual([3, 4])
  })

  it('counts every port of a host that is not told of', () => {
    expect(wrongStates(new Map(), task, 'syn', false)).toHaveLength(5)
  })

  it('forgives a list of open ports that it does not name the others, but no false one', () => {
    const list = (...ports: number[]) =>
      statesInList(
        `#masscan\n${ports.map((port) => `open tcp ${port} 10.0.0.1 1795186771`).join('\n')}\n# end\n`,
      )
    expect(wrongStates(list(3), task, 'syn', true)).toEqual([])
    expect(wrongStates(list(), task, 'syn', true).map(({ port }) => port)).toEqual([3])
    expect(wrongStates(list(3, 4), task, 'syn', true).map(({ port }) => port)).toEqual([4])
  })
})
