import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOSTS, PROBE_DEVICE, TRUTH } from '@portkit/lab/scan-world'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  AS_NOBODY,
  AS_SENDER,
  describeScans,
  falsehoods,
  mistakes,
  statesIn,
  statesInFile,
} from './scan-lab-kit.ts'

const FULL = HOSTS.full.address4
const connect = { truth: TRUTH.full, scan: 'connect' } as const
const syn = { truth: TRUTH.full, scan: 'syn' } as const

describeScans('portscan on a machine with limits', [], ({ world, command }) => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scan-limits-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs portscan behind a command that takes something from it. */
  const behind = ([tool, ...words]: readonly [string, ...string[]], args: string) =>
    world.exec(tool, [...words, ...command(['-n', ...args.split(' ')])], { timeoutMs: 50_000 })
  const withFiles = (most: number): [string, ...string[]] => [
    'sh',
    '-c',
    `ulimit -n ${most}; exec "$@"`,
    'sh',
  ]

  it.each([64, 32])('gets no port wrong with %d files', async (most) => {
    const { stdout, stderr, status } = await behind(withFiles(most), `-sT -oX - -p 1-2000 ${FULL}`)
    expect(mistakes(statesIn(stdout).get(FULL), { ...connect, from: 1, to: 2000 })).toEqual([])
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  it('gets no host wrong with 64 files and no right to send packets', async () => {
    const limited = withFiles(64)
    const { stdout, status } = await behind([...limited, ...AS_NOBODY], `-oX - -p 20-25 10.78.0.0/26`)
    const hosts = statesIn(stdout)
    expect(hosts.size).toBe(64)
    for (const states of hosts.values()) {
      expect(mistakes(states, { truth: TRUTH.network, scan: 'connect', from: 20, to: 25 })).toEqual([])
    }
    expect(status).toBe(0)
  })

  it('asks by connections where it may send no packets', async () => {
    const { stdout, status } = await behind(AS_NOBODY, `-oX - -p 1-1000 ${FULL}`)
    expect(stdout).toContain('<scaninfo type="connect"')
    expect(mistakes(statesIn(stdout).get(FULL), { ...connect, from: 1, to: 1000 })).toEqual([])
    expect(status).toBe(0)
  })

  it.each(['-sS', '-sU', '-sA'])('says as nmap does that %s needs root', async (kind) => {
    const { stdout, stderr, status } = await behind(AS_NOBODY, `${kind} -p 22 ${FULL}`)
    expect({ stdout, stderr, status }).toEqual({
      stdout: '',
      stderr: 'You requested a scan type which requires root privileges.\nQUITTING!\n',
      status: 1,
    })
  })

  it.each(['', '-sS ', '--privileged '])('sends packets with CAP_NET_RAW alone: %s', async (more) => {
    const { stdout, status } = await behind(AS_SENDER, `${more}-oX - -p 1-1000 ${FULL}`)
    expect(stdout).toContain('<scaninfo type="syn"')
    expect(mistakes(statesIn(stdout).get(FULL), { ...syn, from: 1, to: 1000 })).toEqual([])
    expect(status).toBe(0)
  })

  it.each(['-sT', '-sS'])(
    'goes on beside a local firewall, whose words are none of the host: %s',
    async (kind) => {
      const rules = `add table inet own; add chain inet own out { type filter hook output priority 0; };
      add rule inet own out tcp dport 30-39 reject with icmp net-unreachable`
      expect(await world.exec('nft', [rules])).toMatchObject({ status: 0 })
      const { stdout, status } = await behind(['env'], `${kind} -oX - -p 20-60 ${FULL}`)
      await world.exec('nft', ['delete table inet own'])
      const states = statesIn(stdout).get(FULL)
      expect(mistakes(states, { ...syn, from: 20, to: 29 })).toEqual([])
      expect(mistakes(states, { ...syn, from: 40, to: 60 })).toEqual([])
      expect(states?.get(30)).not.toBe('open')
      expect(status).toBe(0)
    },
  )

  // The last ones: they leave the probe without its network.
  it.each(['-sT', '-sS'])('ends in one line when the network is gone, with whole files: %s', async (kind) => {
    const base = join(folder, `gone${kind}`)
    const args = `-v ${kind} --max-rate 2000 -oA ${base} -p 1-9000 ${FULL}`
    const [tool, ...words] = command(['-n', ...args.split(' ')])
    const running = world.spawn(tool, words, { timeoutMs: 50_000 })
    await running.until(/Discovered open port/)
    await world.exec('ip', ['link', 'set', PROBE_DEVICE, 'down'])
    const { stdout, stderr, status } = await running.done
    await world.exec('ip', ['link', 'set', PROBE_DEVICE, 'up'])
    expect(status).toBe(1)
    expect(stderr).toMatch(/^[^\n]* to 10\.77\.0\.2: [^\n]*\nQUITTING!\n$/)
    expect(stdout).toMatch(/^22\/tcp +open +ssh$/m)
    const states = statesInFile(`${base}.xml`).get(FULL)
    expect(falsehoods(states, syn)).toEqual([])
    expect(states?.size).toBeLessThan(9000)
    expect(readFileSync(`${base}.xml`, 'utf8')).toMatch(/exit="error" errormsg="[^"]+"[\s\S]*<\/nmaprun>\n$/)
    expect(readFileSync(`${base}.gnmap`, 'utf8')).toMatch(/22\/open\/tcp[\s\S]*\n# [^\n]+\n$/)
  })
})
