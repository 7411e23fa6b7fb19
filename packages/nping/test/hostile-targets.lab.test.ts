import { PROBE_DEVICE } from '@portkit/lab/nping-world'
import { readSegments } from '@portkit/lab/pcap'
import { describe, expect, it } from 'vitest'
import { BACKENDS, counts, describeHostile, NOBODY, rows } from './hostile-kit.ts'

const OWN = ['127.0.0.1', '::1', '10.77.0.1', 'fd77::1', `fe80::1%${PROBE_DEVICE}`] as const

describeHostile('targets of all kinds', [], (hostile) => {
  const { world } = hostile

  describe.each(BACKENDS)('by %s', (backend) => {
    it.each([...OWN, `fe80::2%${PROBE_DEVICE}`])(
      'hears %s, whichever way packets take there',
      async (target) => {
        const often = `--backend ${backend} -c 2 --delay 5ms`
        const modes = [
          ['--tcp -p 111', '111/tcp closed reset 2/2'],
          ['--udp -p 111', '111/udp closed port-unreach 2/2'],
          ['--icmp', 'up echo-reply 2/2'],
        ] as const
        const runs = modes.map(([mode]) => hostile.run(`${mode} ${often} ${target}`))
        for (const [i, { stdout, stderr }] of (await Promise.all(runs)).entries()) {
          expect(rows(stdout)).toEqual([`${target} ${modes[i]?.[1]}`])
          expect(counts(stdout)).toEqual({ sent: 2, received: 2, lost: 0 })
          expect(stderr).toBe('')
        }
      },
    )

    it('takes addresses of both families, silent, near, far and without a way, in one run', async () => {
      const targets = `10.77.0.2 fd77::2 10.79.0.2 fd79::2 ${NOBODY[4]} ${NOBODY[6]} 10.80.0.1 10.83.0.1 99.9.9.9`
      // Nobody's addresses are given up only seconds after they were asked for first.
      await world.forgetNeighbours()
      const { stdout, stderr, status } = await hostile.run(
        `--backend ${backend} --tcp -p 22 -c 1 --delay 5ms --timeout 400ms ${targets}`,
      )
      expect(rows(stdout)).toEqual([
        '10.77.0.2 22/tcp open syn-ack',
        'fd77::2 22/tcp open syn-ack',
        '10.79.0.2 22/tcp open syn-ack',
        'fd79::2 22/tcp open syn-ack',
        `${NOBODY[4]} 22/tcp filtered no-response`,
        `${NOBODY[6]} 22/tcp filtered no-response`,
        '10.80.0.1 22/tcp filtered admin-prohibited 10.77.0.2',
      ])
      expect(counts(stdout)).toEqual({ sent: 7, received: 5, lost: 2 })
      expect(stderr.match(/^ERR: .* to (10\.83\.0\.1|99\.9\.9\.9):22 failed: /gm)).toHaveLength(2)
      expect(status).toBe(0)
    })
  })

  it('calls a host unreachable that does not answer ARP, once the system has given up', async () => {
    await world.forgetNeighbours()
    const runs = BACKENDS.map((backend) =>
      hostile.run(`--backend ${backend} --tcp -p 22 -c 1 --timeout 9s ${NOBODY[4]}`),
    )
    for (const { stdout, status } of await Promise.all(runs)) {
      expect(rows(stdout)).toEqual([`${NOBODY[4]} 22/tcp filtered host-unreach 10.77.0.1`])
      expect(status).toBe(1)
    }
  })

  it.each([
    ['kernel', 65_535, '--delay 0'],
    ['raw-socket', 10_000, '--rate 8000'],
  ])('finds by %s every one of %i IPv6 ports', async (backend, ports, often) => {
    const { stdout, status } = await hostile.run(
      `--backend ${backend} --tcp -p 1-${ports} -c 1 ${often} -H -v-1 fd77::2`,
      { timeoutMs: 50_000 },
    )
    expect(counts(stdout)).toEqual({ sent: ports, received: ports - 1, lost: 1 })
    expect(status).toBe(0)
  })

  it('asks only its own links who has an address', async () => {
    const targets = `10.77.0.2 fd77::2 127.0.0.1 10.77.0.1 99.9.9.9 ${NOBODY[4]} ${NOBODY[6]}`
    const { stdout, stderr, status } = await hostile.run(`--arp -c 1 --delay 5ms --timeout 300ms ${targets}`)
    expect(rows(stdout)).toEqual([
      '10.77.0.2 up arp-response',
      'fd77::2 up neighbour-advertisement',
      `${NOBODY[4]} no answer no-response`,
      `${NOBODY[6]} no answer no-response`,
    ])
    expect(stderr.match(/^ERR: .*(no route|ARP needs an Ethernet)/gm)).toHaveLength(3)
    expect(status).toBe(0)
  })

  it.each([
    ['10.0.0.0/15', /131072 addresses are more than 65536: --max-targets allows more/],
    ['10.0.0.0/8 10.0.0.0/8', /33554432 addresses are more than 65536/],
    ['fd77::/64', /network too large: 'fd77::\/64'/],
    ['0-255.0-255.0-255.0-255', /addresses are more than 65536/],
    ['nowhere.lab', /nowhere\.lab: Name or service not known/],
    ['-e nix0 10.77.0.2', /no network interface called nix0/],
    ['-S 10.77.0.77 10.77.0.2', /10\.77\.0\.77/],
  ])('refuses %s before anything is sent', async (words, complaint) => {
    await world.wire()
    const { stdout, stderr, status } = await hostile.run(`--tcp -p 22 -c 1 ${words}`)
    expect(stderr).toMatch(complaint)
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
    expect(readSegments(await world.wire())).toEqual([])
  })

  it('says of each of thousands of addresses that there is no way', async () => {
    const { stdout, stderr, status } = await hostile.run('--tcp -p 22 -c 1 --rate 5000 -H 99.9.0.0/20')
    expect(stderr.match(/^ERR: /gm)).toHaveLength(4096)
    expect(stdout).toContain('Not counted: 4096 probes not sent')
    expect(status).toBe(2)
  })

  it('takes the family of a name that it is told', async () => {
    for (const [option, address] of [
      ['-4', '127.0.0.1'],
      ['-6', '::1'],
    ] as const) {
      const { stdout } = await hostile.run(`${option} --tcp -p 111 -c 1 localhost`)
      expect(rows(stdout)).toEqual([`localhost (${address}) 111/tcp closed reset`])
    }
  })
})
