import { PROBE_DEVICE } from '@portkit/lab/nping-world'
import { readSegments } from '@portkit/lab/pcap'
import { afterEach, describe, expect, it } from 'vitest'
import {
  BACKENDS,
  bringUp,
  counts,
  describeHostile,
  type Hostile,
  must,
  NO_RIGHTS,
  ONLY_NET_RAW,
  rows,
} from './hostile-kit.ts'

const TARGETS = ['10.77.0.2', 'fd77::2'] as const
const PAIRS = BACKENDS.flatMap((backend) => TARGETS.map((target) => [backend, target] as const))

/** Runs `ip`, `tc` or `nft` where the tool runs. */
async function machine({ world }: Hostile, ...words: readonly string[]): Promise<void> {
  const [program = '', ...args] = words
  await must(world.exec(program, args))
}

describeHostile('a machine that fails', ['nft', 'tc', 'setpriv'], (hostile) => {
  const { world } = hostile
  const say = (line: string) => machine(hostile, ...line.split(' '))

  describe('a local firewall', () => {
    const rules = 'chain output { type filter hook output priority 0; }'
    afterEach(() => say('nft delete table inet wall'))

    it.each(PAIRS)('that drops or rejects packets is told, by %s to %s', async (backend, target) => {
      await machine(hostile, 'nft', `table inet wall { ${rules}; }`)
      await machine(hostile, 'nft', 'add rule inet wall output tcp dport 22 drop')
      await machine(hostile, 'nft', 'add rule inet wall output tcp dport 111 reject')
      await world.wire()
      const { stdout, stderr, status } = await hostile.run(
        `--backend ${backend} --tcp -p 22,111,80 -c 2 --delay 5ms ${target}`,
      )
      const syns = readSegments(await world.wire()).filter(({ flags }) => flags === 'S')
      expect(syns.map(({ dport }) => dport)).toEqual([80, 80])
      expect(counts(stdout)).toEqual({ sent: 2, received: 2, lost: 0 })
      expect(rows(stdout)).toEqual([`${target} 80/tcp open syn-ack 2/2`])
      expect(stdout).toContain('Not counted: 4 probes not sent\n')
      expect(
        stderr.match(/^ERR: .* failed: .*not permitted by this machine \(a local firewall/gm),
      ).toHaveLength(4)
      expect(status).toBe(0)
    })
  })

  describe('an interface that goes down meanwhile', () => {
    // Long enough for whoever takes the interface down in the middle of it.
    const often = '-c 8 --delay 300ms'
    const argv = `--tcp -p 22 ${often}`
    const runDown = async (words: string) => {
      const tool = world.spawn(...split(hostile, words))
      await tool.until(/RCVD[\s\S]*RCVD/)
      await say(`ip link set ${PROBE_DEVICE} down`)
      return tool.done
    }
    afterEach(() => bringUp(hostile, TARGETS))

    it.each(PAIRS)('stops no run: what cannot be sent is told, by %s to %s', async (backend, target) => {
      const { stdout, stderr, status, timedOut } = await runDown(`--backend ${backend} ${argv} ${target}`)
      const { sent, received } = counts(stdout)
      const refused = Number(/(\d+) probes? not sent/.exec(stdout)?.[1])
      expect({ timedOut, status }).toEqual({ timedOut: false, status: 0 })
      expect(sent + refused).toBe(8)
      expect(received).toBeGreaterThanOrEqual(2)
      expect(received).toBeLessThanOrEqual(sent)
      expect(stderr.match(/^ERR: .*(unreachable|is down)/gm)).toHaveLength(refused)
      expect(rows(stdout)).toEqual([`${target} 22/tcp open syn-ack ${received}/${sent}`])
    })

    it.each(TARGETS)('ends a run that is bound to it, to %s, and what was found counts', async (target) => {
      const bound = `--backend kernel ${argv} -e ${PROBE_DEVICE} ${target}`
      const { stdout, stderr, status } = await runDown(bound)
      expect(stderr).toMatch(/^nping-ts: receive packets: the network interface is down$/m)
      expect(counts(stdout).received).toBeGreaterThanOrEqual(2)
      expect(rows(stdout)[0]).toContain(`${target} 22/tcp open syn-ack`)
      expect(status).toBe(2)
    })

    it('is told where connections or ARP are asked for', async () => {
      for (const mode of ['--tcp-connect -p 22', '--arp']) {
        const { stderr, status, timedOut } = await runDown(`${mode} ${often} 10.77.0.2`)
        expect({ timedOut, status }).toEqual({ timedOut: false, status: 0 })
        expect(stderr).toMatch(/^ERR: .*(unreachable|is down)/m)
        await bringUp(hostile, TARGETS)
      }
    })
  })

  describe('a queue that is full', () => {
    afterEach(() => say(`tc qdisc del dev ${PROBE_DEVICE} root`))
    const shape = (words: string) => say(`tc qdisc add dev ${PROBE_DEVICE} root tbf ${words}`)

    it('is waited for: no probe gets lost there', async () => {
      await shape('rate 400kbit burst 1600 limit 1600')
      const { stdout, status } = await hostile.run('--tcp -p 111 -c 300 --delay 0 -H --timeout 5s 10.77.0.2')
      expect(counts(stdout)).toEqual({ sent: 300, received: 300, lost: 0 })
      expect(status).toBe(1)
    })

    it('that never gets empty is given up, in words', async () => {
      await shape('rate 8bit burst 60 limit 60')
      const { stdout, stderr, status } = await hostile.run('--tcp -p 111 -c 20 --delay 0 -H 10.77.0.2')
      const { sent } = counts(stdout)
      expect(stdout).toContain(`Not counted: ${20 - sent} probes not sent`)
      expect(stderr).toMatch(/nothing can be sent: the interface has taken no packet for 5 seconds$/m)
      expect(status).not.toBeNull()
    })
  })

  describe('a user without CAP_NET_RAW', () => {
    const as = (who: readonly string[], argv: string) =>
      world.exec('setpriv', [...who, ...hostile.command(), ...argv.split(' ')])

    it.each(['--tcp', '--icmp', '--arp', '--tcp --backend raw-socket', '--udp --privileged'])(
      'is told what it takes for %s',
      async (mode) => {
        const { stdout, stderr, status } = await as(NO_RIGHTS, `${mode} -c 1 10.77.0.2`)
        expect(stderr).toMatch(/^nping-ts: raw packets need CAP_NET_RAW: .*\n$/)
        expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
      },
    )

    it.each(['-p 22', '--tcp-connect -p 22', '--udp -p 7'])('gets on with %s', async (mode) => {
      const { stdout, stderr, status } = await as(NO_RIGHTS, `${mode} -c 1 10.77.0.2`)
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      expect(rows(stdout)[0]).toMatch(/^10\.77\.0\.2 (22\/tcp open syn-ack|7\/udp open udp-response)$/)
    })

    it.each(BACKENDS)('is told as root in a container, for %s', async (backend) => {
      const container = ['--inh-caps=-all', '--bounding-set=-net_raw']
      const { stderr, status } = await as(container, `--tcp --backend ${backend} -c 1 10.77.0.2`)
      expect(stderr).toMatch(/CAP_NET_RAW, which even root does not have here: .*--cap-add=NET_RAW/)
      expect(status).toBe(2)
    })

    it.each(PAIRS)('is whoever has that capability alone, by %s to %s', async (backend, target) => {
      const argv = `--tcp --backend ${backend} -e ${PROBE_DEVICE} -p 22 -c 1 ${target}`
      const { stdout, stderr, status } = await as(ONLY_NET_RAW, argv)
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
      expect(rows(stdout)).toEqual([`${target} 22/tcp open syn-ack`])
    })
  })
})

function split(hostile: Hostile, words: string): [string, string[]] {
  const [node, tool] = hostile.command()
  return [node, [tool, ...words.split(' ')]]
}
