import { describe, expect, it } from 'vitest'
import { OPEN, PLAIN_USER, portsOf, range, STEALTH, scan, worldOf } from './kit.ts'

const WORLD = worldOf(
  { '10.0.0.2:21': OPEN, '10.0.0.2:22': OPEN, ...portsOf('10.0.0.2', range(100, 140), STEALTH) },
  { machines: { '10.0.0.99': { isAbsent: true } } },
)

/** The status as nmap has it, and by what was found. */
const RUNS = [
  ['something open', '-p 22 10.0.0.2', 0, 0],
  ['nothing open', '-p 23 10.0.0.2', 0, 1],
  ['nothing but what may be open', '-sF -p 100 10.0.0.2', 0, 1],
  ['no host up', '-p 22 10.0.0.99', 0, 2],
  ['a host up, another down', '-p 22 10.0.0.2 10.0.0.99', 0, 0],
  ['-sn with a host that is up', '-sn 10.0.0.2', 0, 0],
  ['-sn with none', '-sn 10.0.0.99', 0, 2],
  ['a name that nobody knows', '-p 22 no.lan', 0, 3],
  ['a name that nobody knows, and something open', '-p 22 no.lan 10.0.0.2', 0, 3],
  ['a host that took too long', '-p 22,100-140 --host-timeout 120ms 10.0.0.2', 0, 3],
  ['a host with too many open ports', '-p 21-23 --max-open 1 10.0.0.2', 0, 3],
  ['targets only listed', '-sL 10.0.0.99', 0, 0],
  ['a port that is none', '-p 65536 10.0.0.2', 1, 4],
  ['a file that cannot be written', '-p 22 10.0.0.2 -oN /no/file', 1, 4],
  ['an option that nobody knows', '--foo 10.0.0.2', 255, 4],
  ['an option without its value', '10.0.0.2 -p', 255, 4],
] as const

const WHERE = { ...WORLD, unwritable: { '/no/file': 'ENOENT' } }

describe('the exit status', () => {
  it.each(RUNS)('of %s is as nmap has it', async (_, words, status) => {
    expect((await scan(`-n ${words}`, WHERE)).status).toBe(status)
  })

  it.each(RUNS)('of %s tells what was found, with --exit-code state', async (_, words, __, status) => {
    expect((await scan(`-n --exit-code state ${words}`, WHERE)).status).toBe(status)
  })

  it('of a scan that was cut', async () => {
    const cut = { interruptMs: 50 }
    expect((await scan('-n -p 100-140 10.0.0.2', WORLD, cut)).status).toBe(130)
    expect((await scan('-n --exit-code state -p 100-140 10.0.0.2', WORLD, cut)).status).toBe(3)
  })

  it('of a scan that needs rights which are not there', async () => {
    const world = { ...WORLD, ...PLAIN_USER }
    expect((await scan('-sS 10.0.0.2', world)).status).toBe(1)
    expect((await scan('-sS --exit-code state 10.0.0.2', world)).status).toBe(4)
  })

  it('of help, the version and the man page is 0, without any word 255', async () => {
    for (const option of ['-V', '--version', '--help', '-h']) {
      const { status, out, err } = await scan(option, WORLD)
      expect([option, status, err]).toEqual([option, 0, ''])
      expect(out).toContain('portscan')
    }
    const { status, out } = await scan('', WORLD)
    expect(status).toBe(255)
    expect(out).toContain('portscan')
  })
})
