import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HOSTS, NETWORK, PROBE_DEVICE, TRUTH } from '@portkit/lab/scan-world'
import { builtTool } from '@portkit/lab/tool'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import {
  AS_SENDER,
  describeScans,
  falsehoods,
  mistakes,
  type PortStates,
  peakMemoryOf,
  statesIn,
  statesInFile,
} from './scan-lab-kit.ts'

const FULL = HOSTS.full.address4
/** Our own port in scans that others know the port of. */
const KNOWN_PORT = 40_000
const PROBE = '10.77.0.1'
const MEGA = 2 ** 20
/** A scan of that size takes half of it, most of which is Node's own. */
const MOST_MEMORY = 160 * MEGA

/** What is more than silence: of a host that has fallen silent nothing else may be said. */
function answered(states: PortStates | undefined): PortStates {
  return new Map([...(states ?? [])].filter(([, state]) => state !== 'filtered'))
}

describeScans('portscan at hostile hosts', ['ss'], ({ world, scan, start, command }) => {
  const hping = builtTool(fileURLToPath(new URL('../../hping', import.meta.url)), 'hping-ts')
  const full = { truth: TRUTH.full, scan: 'syn' } as const

  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scan-hostile-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** What has to end behind a test. */
  const alive: (() => Promise<unknown>)[] = []
  afterEach(async () => {
    for (const end of alive.splice(0)) await end()
  })

  /** What a command in the probe's namespace says; a world that is gone ends whoever waits for something in it. */
  const said = async (command: string, ...args: string[]): Promise<string> => {
    const { stdout, stderr, status } = await world.exec(command, args)
    if (status !== 0) throw new Error(`${command}: ${stderr}`)
    return stdout
  }
  /** Packets that have come in on the probe's link so far. */
  const arrived = async (): Promise<number> =>
    Number(await said('cat', `/sys/class/net/${PROBE_DEVICE}/statistics/rx_packets`))
  const untilArrived = async (more: number): Promise<void> => {
    const before = await arrived()
    while ((await arrived()) < before + more) {}
  }
  /** The kernel had no room for packets that a socket listens for. */
  const untilDropped = async (): Promise<void> => {
    while (!/\bd[1-9]\d*\)/.test(await said('ss', '-0', '-n', '-m'))) {}
  }
  /** Packets from all ports of the target, one after the other, to the port that a scan asks from. */
  const storm = async (flags: string) => {
    const [command, args] = hping.command('--faster', '--max-rate', '30000', flags)
    const ends = ['-s', '10000', '-p', `${KNOWN_PORT}`, '-a', FULL, PROBE]
    const running = world.spawn(command, [...args, ...ends], { as: 'target', timeoutMs: 60_000 })
    await untilArrived(500)
    alive.push(() => {
      running.kill('SIGTERM')
      return running.done
    })
  }

  it('takes answers from elsewhere for none', async () => {
    const { elsewhere } = HOSTS
    const { hosts, stdout } = await scan(`-sS -p 1-200 ${elsewhere.address4}`)
    expect(
      mistakes(hosts.get(elsewhere.address4), { truth: TRUTH.elsewhere, scan: 'syn', from: 1, to: 200 }),
    ).toEqual([])
    expect(stdout).not.toContain('10.77.0.66')
  })

  it.each([
    ['resets', '-R'],
    ['handshakes', '-SA'],
    ['resets that acknowledge', '-RA'],
  ])('believes no %s that answer nothing that it asked, however many', async (_, flags) => {
    await storm(flags)
    const before = await arrived()
    const running = start(`-n -oX - -sS -g ${KNOWN_PORT} -p 9001-13000 --max-rate 8000 ${FULL}`)
    const peak = await peakMemoryOf(running)
    const { stdout, status } = await running.done
    const expected = { ...full, from: 9001, to: 13_000 }
    expect(mistakes(statesIn(stdout).get(FULL), expected)).toEqual([])
    expect(status).toBe(0)
    // What it asked for makes up less than half of it.
    expect((await arrived()) - before).toBeGreaterThan(8000)
    expect(peak).toBeLessThan(MOST_MEMORY)
  })

  it('gets nothing wrong when it stood still and its receive queue ran over', async () => {
    await storm('-R')
    // Without CAP_NET_ADMIN the queue is no longer than the system grants everybody.
    const args = `-n -v -oX - -sS -g ${KNOWN_PORT} -p 9001-14000 --max-rate 2500 ${FULL}`
    const [tool, ...words] = [...AS_SENDER, ...command(args.split(' '))] as const
    const running = world.spawn(tool, words, { timeoutMs: 50_000 })
    await running.until(/<taskbegin task="SYN/)
    running.kill('SIGSTOP')
    await untilDropped()
    running.kill('SIGCONT')
    const { stdout, status } = await running.done
    expect(mistakes(statesIn(stdout).get(FULL), { ...full, from: 9001, to: 14_000 })).toEqual([])
    expect(status).toBe(0)
  })

  const [other, mortal] = ['5', '7'].map((last) => NETWORK.replace('0/24', last))
  it.concurrent.each([
    ['-sS', FULL, TRUTH.full],
    ['-sT', mortal ?? '', TRUTH.network],
  ] as const)(
    'claims nothing that is not so of a host that dies, nor of others, and says so: %s',
    async (kind, host, truth) => {
      const path = join(folder, `dead${kind}.xml`)
      const running = start(`-n -v ${kind} --max-rate 1500 -oX ${path} -p 1-1000 ${host} ${other}`)
      await running.until(new RegExp(`Discovered open port 22/tcp on ${host}`))
      await world.silence(host)
      // Not behind all tests: the other one is under way.
      const { stderr, status } = await running.done.finally(() => world.revive(host))
      const hosts = statesInFile(path)
      expect(falsehoods(answered(hosts.get(host)), { truth, scan: 'syn' })).toEqual([])
      expect(
        mistakes(hosts.get(other ?? ''), { truth: TRUTH.network, scan: 'syn', from: 1, to: 1000 }),
      ).toEqual([])
      expect(stderr).toMatch(new RegExp(`^${host}: (stopped answering|answers were lost) `, 'm'))
      expect(status).toBe(0)
    },
  )

  it('says nothing of ports that it did not get to in time at a host that dies', async () => {
    const running = start(`-n -v --host-timeout 2s -oX - -sS -p- ${FULL}`)
    alive.push(() => world.revive(FULL))
    await running.until(/<taskbegin task="SYN/)
    await world.silence(FULL)
    const { stdout, status } = await running.done
    expect(status).toBe(0)
    const states = statesIn(stdout).get(FULL)
    expect(falsehoods(answered(states), full)).toEqual([])
    expect(states?.size ?? 0).toBeLessThan(65_535)
    expect([...(states?.values() ?? [])]).not.toContain('unknown')
    expect(stdout).toContain('</nmaprun>')
  })
})
