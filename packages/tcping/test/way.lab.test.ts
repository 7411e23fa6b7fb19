import { describeLab } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool, CLOCKS, probesOf } from './lab-tool.ts'

const ONE_LINE = /^tcping: [^\n]+\n$/

describeLab('the way through the network', { needs: ['tcpdump', 'ss'] }, (lab) => {
  const tool = builtTool()
  const { address4, address6 } = lab.target
  const own = lab.probe
  const timeWaits = async (port: number): Promise<number> => {
    const { stdout } = await lab.exec('ss', ['-Htan', 'state', 'time-wait', `( dport = :${port} )`])
    return stdout.split('\n').filter((line) => line !== '').length
  }

  it.each(CLOCKS)('leaves a TIME_WAIT for each FIN and none for a RST by the %s clock', async (clock) => {
    const [fin, rst] = clock === 'kernel' ? [25, 110] : [8080, 80]
    const args = ['-c', '3', '-i', '0.05', '--clock', clock]
    const before = { fin: await timeWaits(fin), rst: await timeWaits(rst) }
    const runs = [
      tool.run(lab, [...args, '--close', 'fin', address4, String(fin)]),
      tool.run(lab, [...args, '--close', 'rst', address4, String(rst)]),
    ]
    for (const { stdout } of await Promise.all(runs)) expect(stdout).toContain('3 open')
    await expect.poll(() => timeWaits(fin), { timeout: 10_000 }).toBe(before.fin + 3)
    expect(await timeWaits(rst)).toBe(before.rst)
  })

  it.each([
    ['an interface', 'lab0', address4, own.address4],
    ['an interface', 'lab0', address6, own.address6],
    ['an address', own.address4, address4, own.address4],
    ['an address', own.address6, address6, own.address6],
  ])('leaves by %s: %s', async (_, from, to, local) => {
    for (const clock of CLOCKS) {
      const family = to.includes(':') ? '-6' : '-4'
      const args = ['-c', '1', family, '--clock', clock, '-I', from, '--json', to, '22']
      expect(probesOf((await tool.run(lab, args)).stdout)).toMatchObject([
        { word: 'open', local: { address: local } },
      ])
    }
  })

  it('does not reach the target by another interface', async () => {
    const args = ['-c', '1', '-W', '0.5', '--clock', 'kernel', '-I', 'lo', address4, '22']
    expect((await tool.run(lab, args)).stdout).not.toMatch(/^open/m)
  })

  it.each([
    ['an interface that does not exist', 'nope0', address4],
    ['an address that is not ours', '10.9.9.9', address4],
    ['an address of the other family', own.address6, address4],
  ])('refuses %s in one line', async (_, from, to) => {
    for (const clock of CLOCKS) {
      const { stderr, status } = await tool.run(lab, ['-c', '1', '--clock', clock, '-I', from, to, '22'])
      expect({ clock, status }).toEqual({ clock, status: 2 })
      expect(stderr).toMatch(ONE_LINE)
    }
  })

  it('refuses an interface that is down in one line', async () => {
    const made = await lab.exec('ip', ['link', 'add', 'down0', 'type', 'veth', 'peer', 'name', 'down1'])
    expect(made.stderr).toBe('')
    await lab.exec('ip', ['address', 'add', '10.99.0.1/24', 'dev', 'down0'])
    const { stderr, status } = await tool.run(lab, ['-c', '1', '-I', 'down0', address4, '22'])
    await lab.exec('ip', ['link', 'delete', 'down0'])
    expect(status).toBe(2)
    expect(stderr).toMatch(ONE_LINE)
    expect(stderr).toContain('down0')
  })

  it.each(CLOCKS)('leaves from the port that was asked for, every time, by the %s clock', async (clock) => {
    const capture = await lab.capture({ filter: 'tcp port 22' })
    const [first, last] = clock === 'kernel' ? ['40001', 40_001] : ['40002', 40_002]
    const args = ['-c', '3', '-i', '0.1', '--clock', clock, '--source-port', first]
    const { stdout } = await tool.run(lab, [...args, address4, '22'])
    const syns = (await capture.stop()).filter(({ flags }) => flags === 'S')
    expect(stdout).toContain('3 open')
    expect(syns.map(({ sport }) => sport)).toEqual([last, last, last])
  })

  it.each([address4, address6])('sends the time to live that was asked for to %s', async (to) => {
    const capture = await lab.capture({ filter: 'tcp port 22' })
    await tool.run(lab, ['-c', '1', '--ttl', '7', to, '22'])
    const sent = (await capture.stop()).filter(({ dport }) => dport === 22)
    // The last ACK, to the peer's FIN, may come from TIME_WAIT, which has forgotten the socket's options.
    const [syn, ack, fin] = sent
    expect([syn, ack, fin].map((segment) => segment?.hops)).toEqual([7, 7, 7])
  })

  it.each([
    [address4, 'ip and ip[1] == 0xb8 and tcp port 22'],
    [address6, 'ip6 and (ip6[0:2] & 0x0ff0) >> 4 == 0xb8 and ip6[6] == 6'],
  ])('marks its SYN to %s with the type of service', async (to, filter) => {
    const capture = await lab.capture({ filter })
    await tool.run(lab, ['-c', '1', '--tos', '184', to, '22'])
    expect((await capture.stop()).map(({ flags }) => flags)).toContain('S')
  })
})

describeLab('a way over a router', { routed: true }, (lab) => {
  const tool = builtTool()

  it.each([
    [lab.target.address4, '10.78.0.254'],
    [lab.target.address6, 'fd78::fe'],
  ])('names the router where the time to live to %s ended', async (to, router) => {
    const args = ['-c', '1', '--ttl', '1', to, '22']
    const [text, json] = await Promise.all([tool.run(lab, args), tool.run(lab, ['--json', ...args])])
    expect(text.stdout).toContain(`(time-exceeded from ${router})`)
    expect(probesOf(json.stdout)).toMatchObject([
      { word: 'unreachable', reason: 'time-exceeded', icmp: { from: router } },
    ])
    expect(text.status).toBe(1)
  })
})
