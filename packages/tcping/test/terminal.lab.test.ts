import { join } from 'node:path'
import { describeLab } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool } from './lab-tool.ts'

const PATIENCE = { timeout: 15_000, interval: 100 }
const ESC = '\u001b'
const SIZE = ['-x', '80', '-y', '24'] as const

/** The word at the beginning of a line in an ANSI colour (ECMA-48, SGR). */
function coloured(colour: number, word: string): RegExp {
  return new RegExp(`${ESC}\\[${colour}m${word}${ESC}\\[39m (from )?10\\.78\\.0\\.2:\\d+: seq=`)
}

describeLab('in a terminal', { needs: ['tmux'] }, (lab) => {
  const tool = builtTool()
  const { address4 } = lab.target

  /** A terminal of its own inside the lab, running the tool; `screen` is what somebody would see. */
  const terminal = async (name: string, args: readonly string[], env = '') => {
    const server = ['-S', join(tool.directory(), name), '-f', '/dev/null']
    const tmux = (...words: string[]) =>
      lab.exec('tmux', [...server, ...words], { env: { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm' } })
    const stays = `${env} ${tool.shell()} ${args.join(' ')}; echo "status $?"; exec cat`
    const started = await tmux('new-session', '-d', ...SIZE, stays)
    expect(started.stderr).toBe('')
    const screen = async (...words: string[]) => (await tmux('capture-pane', '-p', ...words)).stdout
    const shows = (pattern: RegExp, ...words: string[]) =>
      expect.poll(() => screen(...words), PATIENCE).toMatch(pattern)
    return { tmux, screen, shows, close: () => tmux('kill-server') }
  }

  it('colours the words, and ends at Ctrl-C with the summary', async () => {
    const { tmux, shows, close } = await terminal('colours', [
      '-i',
      '0.2',
      '-W',
      '0.3',
      address4,
      '22,111,137',
    ])
    try {
      await shows(coloured(32, 'open'), '-e')
      await shows(coloured(31, 'closed'), '-e')
      await shows(coloured(35, 'stealth'), '-e')
      await tmux('send-keys', 'C-c')
      await shows(/port 137 tcping statistics ---\n\d+ packets transmitted, 0 received, 100% packet loss/)
      await shows(/^status 0$/m)
    } finally {
      await close()
    }
  })

  it('uses no colour where NO_COLOR is set', async () => {
    const { screen, shows, close } = await terminal(
      'plain',
      ['-c', '2', '-i', '0.1', address4, '22'],
      'NO_COLOR=1',
    )
    try {
      await shows(/^status 0$/m)
      expect(await screen('-e')).not.toContain(ESC)
    } finally {
      await close()
    }
  })

  it('prints the summary at Enter and one line at Ctrl-\\, and goes on', async () => {
    const { tmux, shows, close } = await terminal('keys', ['-q', '-i', '0.05', address4, '22'])
    try {
      await shows(/^TCPING /m)
      await tmux('send-keys', 'Enter')
      await shows(/^--- 10\.78\.0\.2 port 22 tcping statistics ---$/m)
      await tmux('send-keys', 'C-\\')
      await shows(/\d+\/\d+ packets, 0% loss, min\/avg\/ewma\/max = /)
      await tmux('send-keys', 'C-c')
      await shows(/^status 0$/m)
    } finally {
      await close()
    }
  })

  it('draws a picture that fits the window, also after the window changed', async () => {
    const { tmux, screen, shows, close } = await terminal('graph', ['--graph', '-i', '0.05', address4, '22'])
    const fits = async (columns: number, rows: number) => {
      const lines = (await screen()).replace(/\n$/, '').split('\n')
      return (
        lines.length <= rows && lines.every((line) => [...line].length <= columns) && /┤/.test(lines.join())
      )
    }
    try {
      await shows(/^tcping 10\.78\.0\.2:22 .*every 50ms/m)
      await expect.poll(() => fits(80, 24), PATIENCE).toBe(true)
      for (const [columns, rows] of [
        [50, 14],
        [100, 30],
      ] as const) {
        await tmux('resize-window', '-x', String(columns), '-y', String(rows))
        // The title reaches the right edge, so it tells the width that was drawn for.
        await shows(new RegExp(`^tcping .{${columns - 7}}$`, 'm'))
        await expect.poll(() => fits(columns, rows), PATIENCE).toBe(true)
      }
      await tmux('send-keys', 'C-c')
      await shows(/^\d+ packets transmitted, \d+ received, 0% packet loss, time \d+ms$/m)
      await shows(/^status 0$/m)
    } finally {
      await close()
    }
  })

  it('gives the screen back as it was when the picture ends', async () => {
    const { tmux, screen, shows, close } = await terminal('back', ['--graph', '-i', '0.05', address4, '22'])
    try {
      await shows(/┤/)
      await tmux('send-keys', 'C-c')
      await shows(/^status 0$/m)
      expect(await screen()).toMatch(/^TCPING 10\.78\.0\.2 \(10\.78\.0\.2\) port 22 \(ssh\)\n\n--- /)
    } finally {
      await close()
    }
  })
})
