import { beforeAll, describe, expect, it } from 'vitest'
import { OPEN, run, STEALTH, talks, warmUp } from './beyond-kit.ts'

beforeAll(warmUp)

const terminal = { columns: 80, rows: 24 }
const GIVES_UP = { does: 'drop', givesUpAfterMs: 130_000 } as const
const world = { terminal, ports: { '10.0.0.2:22': GIVES_UP, '10.0.0.2:23': GIVES_UP, '10.0.0.2:80': OPEN } }
const HINT = /port (\d+) looks stealth/g

async function hinted(args: string, over: object = {}) {
  const ran = await run(args, { ...world, ...over })
  return { ports: [...ran.stderr.matchAll(HINT)].map(([, port]) => Number(port)), ...ran }
}

describe('the hint at a stealth port', () => {
  it('comes once for each port, and says what ends this', async () => {
    const { ports, stderr } = await hinted('-z 10.0.0.2 22 23')
    expect(ports).toEqual([22, 23])
    expect(stderr.split('\n')[0]).toMatch(/^nc: port 22 looks stealth: .*Ctrl-C.*-w/)
  })

  it('comes once for a port whose host has several addresses', async () => {
    const hosts = { two: ['10.0.0.2', '10.0.0.3'] }
    const ports = { '10.0.0.2:22': GIVES_UP, '10.0.0.3:22': GIVES_UP }
    expect((await hinted('-z two 22', { hosts, ports })).ports).toEqual([22])
  })

  it('comes after ten seconds', async () => {
    const still = await run('-z 10.0.0.2 22', world, { seconds: 9.9 })
    expect(still.stderr).toBe('')
    const later = await run('-z 10.0.0.2 22', world, { seconds: 10.1 })
    expect(later.stderr).toMatch(HINT)
  })

  it.each([
    ['standard error is no terminal', '-z 10.0.0.2 22', { terminal: undefined }],
    ['-w is given', '-z -w 20 10.0.0.2 22', {}],
    ['-w 0 is given, which limits sessions alone', '-z -w 0 10.0.0.2 22', {}],
    ['JSON is wanted', '-z --json 10.0.0.2 22', {}],
    ['the port answers', '-z 10.0.0.2 80', {}],
    [
      'the port answers late',
      '-z 10.0.0.2 81',
      {
        ports: { '10.0.0.2:81': { does: 'accept', afterMs: 9000 } },
      },
    ],
    ['--wait makes short tries', '-z --wait 30 10.0.0.2 24', { ports: { '10.0.0.2:24': STEALTH } }],
    ['a session is long', '10.0.0.2 25', { ports: { '10.0.0.2:25': talks('linger:60') }, stdin: 'null' }],
  ])('does not come where %s', async (_, args, over) => {
    const { ports, status } = await hinted(args, over)
    expect(ports).toEqual([])
    expect(status).not.toBe('still running')
  })
})
