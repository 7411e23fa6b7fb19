import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { CLOSED, db, OPEN, run, STEALTH } from './kit.ts'

const TARGET = ['db.lan', '22']

describe('--graph', () => {
  const WORLD: World = {
    ...db(OPEN, CLOSED, STEALTH, OPEN),
    terminal: { columns: 60, rows: 16 },
    env: { LANG: 'C.UTF-8' },
  }
  const ENTER = '\u001b[?1049h'
  const LEAVE = '\u001b[?1049l'

  /** What is printed to the rows of the screen, without style codes. */
  function rowsOf(text: string): readonly string[] {
    const screen = text.slice(text.indexOf(ENTER), text.indexOf(LEAVE))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the terminal's
    return screen.split(/\x1b\[\d+;1H\x1b\[K/).map((row) => row.replace(/\x1b\[[?\d;]*[a-zA-Z]/g, ''))
  }

  it.each([
    [60, 16],
    [20, 6],
    [33, 9],
    [10, 3],
    [200, 50],
  ])('never prints wider or lower than a terminal of %i x %i', async (columns, rows) => {
    const terminal = { columns, rows }
    const { stdout } = await run(['-c', '30', '--graph', ...TARGET, 'db.lan:80'], { ...WORLD, terminal })
    for (const row of rowsOf(stdout)) expect([...row].length).toBeLessThanOrEqual(columns)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the terminal's
    const places = [...stdout.matchAll(/\x1b\[(\d+);1H/g)].map(([, row]) => Number(row))
    expect(Math.max(0, ...places)).toBeLessThanOrEqual(rows)
  })

  it.each([
    ['by count', ['-c', '3'], []],
    ['by Ctrl-C', [], [{ afterMs: 1500, does: 'SIGINT' }]],
    ['by Ctrl-C before the first answer', ['-i', '9'], [{ afterMs: 0.1, does: 'SIGINT' }]],
  ] as const)('gives the screen back once and then tells the end in words: %s', async (_, options, deeds) => {
    const { stdout } = await run(['--graph', ...options, ...TARGET], WORLD, deeds)
    expect(stdout.split(ENTER)).toHaveLength(2)
    expect(stdout.split(LEAVE)).toHaveLength(2)
    const after = stdout.slice(stdout.indexOf(LEAVE) + LEAVE.length)
    expect(after).toMatch(/^TCPING db\.lan \(10\.0\.0\.2\) port 22 \(ssh\)\n\n--- db\.lan port 22/)
  })

  it('tells afterwards what this machine could not do', async () => {
    const fault = { does: 'fault', code: 'EPERM', message: 'not allowed' } as const
    const { status, stdout, stderr } = await run(['--graph', '10.0.0.2', '22'], {
      ...WORLD,
      ports: { '10.0.0.2:22': fault },
    })
    expect(stderr).toBe('tcping: 10.0.0.2:22: seq=1: not allowed\n')
    expect(stdout.split(LEAVE)).toHaveLength(2)
    expect(status).toBe(2)
  })

  it('moves on while nothing is answered, and ends its ticks with the run', async () => {
    const { io } = await run(['--graph', '-c', '1', '-W', '5', ...TARGET], { ...WORLD, ...db(STEALTH) })
    expect(io.clock.nowNs()).toBeLessThanOrEqual(5.5e9)
  })

  it('a resize draws everything again', async () => {
    const plain = await run(['--graph', '-c', '3', ...TARGET], WORLD)
    const resized = await run(['--graph', '-c', '3', ...TARGET], WORLD, [{ afterMs: 1200, does: 'resize' }])
    const clears = (text: string) => text.split('\u001b[2J').length
    expect(clears(resized.stdout)).toBe(clears(plain.stdout) + 1)
  })
})
