import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { missing } from '../src/missing.mjs'
import { NpingWorld, PROBE_DEVICE } from '../src/nping-world.mjs'
import { readSegments } from '../src/pcap.mjs'

const lacks = missing(['tcpdump', 'bash', 'ping'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

describe.skipIf(skipped !== '')(`the world of nping${skipped}`, () => {
  const world = new NpingWorld()

  beforeAll(() => world.up())
  afterAll(() => world.remove())

  const connect = (where: string) =>
    world.exec('bash', ['-c', `exec 3<>/dev/tcp/${where} && head -c 4 <&3`], {
      env: { ...process.env, LC_ALL: 'C' },
    })

  it.each(['target.lab/22', 'target2.lab/22', 'far.lab/22', 'target6.lab/22', 'fd79::2/22'])(
    'has a greeting at %s',
    async (where) => expect((await connect(where)).stdout).toBe('SSH-'),
  )

  it.each([
    ['10.77.0.2/111', 'Connection refused'],
    ['10.77.0.2/9', 'Connection refused'],
    ['10.77.0.2/10', 'Connection refused'],
    ['10.77.0.2/8', 'No route to host'],
    ['10.77.0.2/11', 'No route to host'],
    ['10.77.0.2/12', 'Network is unreachable'],
    ['10.83.0.1/22', 'Permission denied'],
    ['10.200.0.1/22', 'Network is unreachable'],
  ])('refuses %s by %s', async (where, why) => expect((await connect(where)).stderr).toContain(why))

  it.each([
    ['ttl 1', '-t1 10.79.0.2', /From 10\.77\.0\.2 .*Time to live exceeded/],
    ['ttl 2', '-t2 10.79.0.2', /From 10\.78\.0\.2 .*Time to live exceeded/],
    ['a prohibited IPv6 network', 'fd80::1', /From fd77::2.*Administratively prohibited/],
    ['hop limit 2', '-t2 fd79::2', /From fd78::2.*Time exceeded/],
  ])('answers to %s as recorded', async (_, args, answer) => {
    const { stdout } = await world.exec('ping', ['-n', '-c3', '-i0.2', '-W1', ...args.split(' ')])
    expect(stdout).toMatch(answer)
  })

  it('gives what was on the wire since the last call, with right checksums', async () => {
    await world.wire()
    await connect('10.77.0.2/80')
    const file = await world.wire()
    expect(
      readSegments(file)
        .slice(0, 2)
        .map(({ flags, dst }) => `${flags} ${dst}`),
    ).toEqual(['S 10.77.0.2', 'SA 10.77.0.1'])
    const { stdout } = await world.exec('tcpdump', ['-r', '-', '-nnv'], { stdin: file })
    expect(stdout).toMatch(/cksum 0x[0-9a-f]{4} \(correct\)/)
    expect(stdout).not.toContain('incorrect')
    // The connection may still be ending, but nothing is told twice.
    expect(readSegments(await world.wire()).filter(({ flags }) => flags.includes('S'))).toEqual([])
  })

  it('knows its device by the name that the records have', async () => {
    expect((await world.exec('ip', ['-br', 'link'])).stdout).toMatch(
      new RegExp(`^${PROBE_DEVICE}@.* 02:77:00:00:00:01 `, 'm'),
    )
  })

  it('leaves nothing behind', async () => {
    const other = new NpingWorld()
    await other.up()
    const paths = (['probe', 'target', 'hop2', 'hop3'] as const).flatMap((place) => [
      `/run/netns/${other.namespace(place)}`,
      `/etc/netns/${other.namespace(place)}`,
    ])
    expect(paths.every((path) => existsSync(path))).toBe(true)
    await other.remove()
    expect(paths.filter((path) => existsSync(path))).toEqual([])
  })
})
