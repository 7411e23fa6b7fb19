import { PROBE_DEVICE } from '@portkit/lab/nping-world'
import { readSegments } from '@portkit/lab/pcap'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  BACKENDS,
  bringUp,
  commandOf,
  counts,
  describeHping,
  must,
  NO_RIGHTS,
  NOBODY,
  ONLY_NET_RAW,
  verdicts,
} from './hostile-kit.ts'

const TARGETS = ['10.77.0.2', 'fd77::2'] as const
const PAIRS = BACKENDS.flatMap((backend) => TARGETS.map((target) => [backend, target] as const))

/** Each mode with what is found. */
const MODES = [
  ['-S -p 22', 'port 22: open (syn-ack)'],
  ['-2 -p 7', 'udp port 7: open (udp-response)'],
  ['-1', 'HOST: up (echo-reply)'],
] as const

describeHping('hping-ts on a machine that fails', ['nft', 'tc', 'setpriv'], (hostile) => {
  const { world } = hostile
  const say = (line: string) => must(world.exec('bash', ['-c', line]))
  const as = (who: readonly string[], argv: string) => {
    const [node, tool] = commandOf(hostile, argv)
    return world.exec('setpriv', [...who, node, ...tool])
  }

  describe('without CAP_NET_RAW', () => {
    it.each([
      ...BACKENDS.flatMap((backend) => MODES.map(([mode]) => `--backend ${backend} ${mode}`)),
      '-8 22',
    ])('says in one sentence what it takes: %s', async (words) => {
      const runs = TARGETS.map((target) => as(NO_RIGHTS, `${words} ${target}`))
      for (const { stdout, stderr, status } of await Promise.all(runs)) {
        expect(stderr).toMatch(/^hping-ts: raw packets need CAP_NET_RAW: .*\n$/)
        expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
      }
    })

    it.each(PAIRS)('but with it alone it works, by %s to %s', async (backend, target) => {
      const runs = MODES.map(([mode]) =>
        as(ONLY_NET_RAW, `--backend ${backend} ${mode} -n -c 2 -i u1000 ${target}`),
      )
      for (const [i, { stderr, status }] of (await Promise.all(runs)).entries()) {
        expect(verdicts(stderr)).toEqual([`${MODES[i]?.[1].replace('HOST', target)}, 2 of 2 answered`])
        expect(status).toBe(0)
      }
    })
  })

  describe('with a local firewall', () => {
    const rules = 'tcp dport 22 drop; udp dport 7 reject'
    beforeAll(() =>
      say(`nft "table inet wall { chain output { type filter hook output priority 0; ${rules}; }; }"`),
    )
    afterAll(() => say('nft delete table inet wall'))

    it.each(PAIRS)('tells once that it lets nothing out, by %s to %s', async (backend, target) => {
      const runs = ['-S -p 22', '-2 -p 7'].map((mode) =>
        hostile.run(`--backend ${backend} ${mode} -n -c 3 -i u1000 ${target}`),
      )
      for (const { stderr, status } of await Promise.all(runs)) {
        expect(stderr.match(/^hping-ts: .*not permitted by this machine \(a local firewall/gm)).toHaveLength(
          1,
        )
        expect(counts(stderr)).toEqual({ sent: 0, received: 0, loss: 0 })
        expect(verdicts(stderr)[0]).toBe('3 packets not sent')
        expect(status).toBe(2)
      }
    })
  })

  describe('when the interface goes down meanwhile', () => {
    const runDown = async (words: string) => {
      const tool = world.spawn(...commandOf(hostile, words), { timeoutMs: 30_000 })
      await tool.until(/^len=[\s\S]*^len=/m)
      await say(`ip link set ${PROBE_DEVICE} down`)
      return tool.done
    }
    afterEach(() => bringUp(hostile, TARGETS))

    it.each(PAIRS)(
      'goes on, tells it, and counts what was not sent, by %s to %s',
      async (backend, target) => {
        const argv = `--backend ${backend} -S -p 22 -n -c 8 -i u100000 ${target}`
        const { stderr, status, timedOut } = await runDown(argv)
        const { sent, received } = counts(stderr)
        const refused = Number(/^(\d+) packets? not sent$/m.exec(stderr)?.[1])
        expect({ timedOut, status }).toEqual({ timedOut: false, status: 0 })
        expect(sent + refused).toBe(8)
        expect(received).toBeGreaterThanOrEqual(2)
        expect(stderr).toMatch(/^hping-ts: .*(unreachable|is down)/m)
        expect(verdicts(stderr).at(-1)).toBe(`port 22: open (syn-ack), ${received} of ${sent} answered`)
      },
    )

    it.each(TARGETS)('ends when it is bound to it, with what was found, to %s', async (target) => {
      const { stderr, status } = await runDown(`-S -p 22 -n -c 100 -i u100000 -I ${PROBE_DEVICE} ${target}`)
      expect(stderr).toMatch(/^hping-ts: receive packets: the network interface is down$/m)
      expect(counts(stderr).received).toBeGreaterThanOrEqual(2)
      expect(stderr).toMatch(/^port 22: open \(syn-ack\), \d+ of \d+ answered$/m)
      expect(status).toBe(2)
    })
  })

  describe('with a queue that is full', () => {
    const shape = (words: string) => say(`tc qdisc add dev ${PROBE_DEVICE} root tbf ${words}`)
    afterEach(() => say(`tc qdisc del dev ${PROBE_DEVICE} root`))

    it('waits, and loses no packet there', async () => {
      await shape('rate 400kbit burst 1600 limit 1600')
      const { stderr, status } = await hostile.run('-S -p 111 -n -q -c 300 --faster --timeout 3 10.77.0.2')
      expect(counts(stderr)).toEqual({ sent: 300, received: 300, loss: 0 })
      expect(status).toBe(0)
    })
  })

  describe('where there is no way', () => {
    it.each([
      ['-S -p 22 10.83.0.1', /^hping-ts: send to 10\.83\.0\.1: not permitted: .*\n$/],
      ['-S -p 22 99.9.9.9', /^hping-ts: send to 99\.9\.9\.9: network is unreachable: .*\n$/],
      ['-S -p 22 nowhere.lab', /^hping-ts: nowhere\.lab: Name or service not known\n$/],
      ['-S -p 22 -I nix0 10.77.0.2', /^hping-ts: -I: "nix0" is no network interface .*: lo, hraw-a\n$/],
      ['-S -p 22 -a 10.77.0.77 10.77.0.2', /^hping-ts: -a: 10\.77\.0\.77 is not an address of this machine/],
      ['-S -p 22 -a target6.lab fd77::3', /^hping-ts: -a: fd77::2 is not an address of this machine/],
    ])('refuses %s before anything is sent', async (words, complaint) => {
      await world.wire()
      const { stdout, stderr, status } = await hostile.run(`-c 1 ${words}`)
      expect(stderr).toMatch(complaint)
      expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
      expect(readSegments(await world.wire())).toEqual([])
    })

    it('calls a host that answers no ARP silent, and unreachable once the system gave up', async () => {
      const argv = (backend: string, host: string, timeout: string) =>
        `--backend ${backend} -S -p 22 -n -c 1 --timeout ${timeout} ${host}`
      const soon = BACKENDS.map((backend) => hostile.run(argv(backend, NOBODY[4], '0.3')))
      const later = BACKENDS.map((backend, i) =>
        hostile.run(argv(backend, `10.77.0.${97 + i}`, '15'), { timeoutMs: 30_000 }),
      )
      for (const { stderr } of await Promise.all(soon))
        expect(verdicts(stderr)).toEqual(['port 22: filtered (no-response), 0 of 1 answered'])
      for (const { stderr } of await Promise.all(later))
        expect(verdicts(stderr)).toEqual(['port 22: filtered (host-unreach from 10.77.0.1), 1 of 1 answered'])
    })

    it('comes from another own address, and leaves by an interface that a part of its name fits', async () => {
      await say(`ip address add 10.77.0.50/24 dev ${PROBE_DEVICE}`)
      await world.wire()
      const { stdout, status } = await hostile.run('-S -p 111 -n -c 1 -a 10.77.0.50 -I raw -V 10.77.0.2')
      await say(`ip address del 10.77.0.50/24 dev ${PROBE_DEVICE}`)
      const [syn, answer] = readSegments(await world.wire())
      expect(syn).toMatchObject({ src: '10.77.0.50', dst: '10.77.0.2', flags: 'S' })
      expect(answer).toMatchObject({ src: '10.77.0.2', dst: '10.77.0.50', flags: 'AR' })
      expect(stdout).toMatch(/^using hraw-a, addr: 10\.77\.0\.50, MTU: 1500$/m)
      expect(status).toBe(0)
    })

    it('hears nothing when it is told an interface that does not lead there', async () => {
      const { stderr, status } = await hostile.run('-S -p 22 -n -c 1 --timeout 0.3 -I lo 10.77.0.2')
      expect(verdicts(stderr)).toEqual(['port 22: filtered (no-response), 0 of 1 answered'])
      expect(status).toBe(1)
    })
  })
})
