import { readFileSync, rmSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { listens, place, REAL, roomyFolder, settled, TOOLS, type ToolName, tool } from './kit.ts'

const GIB = 1024 ** 3
const PART = GIB / 4
const PORT = 9000
const LIMIT_MS = 50_000

/** Cheap octets that no compression, repetition or hole in a file could hide a mistake in. */
const MAKE_FILE = `openssl enc -aes-128-ctr -K 0123456789abcdef0123456789abcdef -iv 1 -in /dev/zero 2>/dev/null | head -c ${GIB} >sent`

interface Ends {
  readonly server: ToolName
  readonly client: ToolName
  readonly octets: number
}

describeLab('a file from one netcat to another', { needs: ['openssl', REAL] }, (lab) => {
  const here = place(roomyFolder)
  const tools = { 'nc-ts': tool(lab, 'nc-ts', here), [REAL]: tool(lab, REAL, here) }

  const sums = new Map<number, string>()

  beforeAll(async () => {
    const { stderr } = await lab.exec('sh', ['-c', MAKE_FILE], { cwd: here.path, timeoutMs: LIMIT_MS })
    expect(stderr).toBe('')
    for (const octets of [GIB, PART]) sums.set(octets, await sum(`head -c ${octets} sent`))
  })

  /** The SHA-256 of what a command writes, and that it wrote something. */
  async function sum(command: string): Promise<string> {
    const script = `${command} | openssl sha256 -r | cut -d ' ' -f 1`
    const { stdout } = await tools[REAL].bash(script, { timeoutMs: LIMIT_MS })
    expect(stdout).toMatch(/^[0-9a-f]{64}\n$/)
    return stdout
  }

  /** Runs both ends and compares the files, which are dropped at once: they are large. */
  async function transfer(
    { server, client, octets }: Ends,
    serverDoes: string,
    clientDoes: string,
  ): Promise<void> {
    const listener = tools[server].start(serverDoes, {
      as: 'target',
      timeoutMs: LIMIT_MS,
      env: sized(octets),
    })
    await settled(() => listens(lab, 'target', PORT), listener)
    const sender = await tools[client].bash(clientDoes, { timeoutMs: LIMIT_MS, env: sized(octets) })
    expect(sender).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(await listener.done).toMatchObject({ status: 0, stdout: '', stderr: '' })
    expect(await sum('cat got')).toBe(sums.get(octets))
    rmSync(here.file('got'))
  }

  const sized = (octets: number) => ({ OCTETS: String(octets), PORT: String(PORT) })

  it.each<Ends>([
    { server: 'nc-ts', client: 'nc-ts', octets: GIB },
    { server: 'nc-ts', client: REAL, octets: GIB },
    { server: REAL, client: 'nc-ts', octets: GIB },
    { server: REAL, client: REAL, octets: PART },
  ])('arrives whole when $client -N sends $octets octets to $server -l', async (ends) => {
    const send =
      ends.octets === GIB
        ? '"$NC" -N target.lab "$PORT" <sent'
        : 'head -c "$OCTETS" sent | "$NC" -N target.lab "$PORT"'
    await transfer(ends, '"$NC" -l "$PORT" >got', send)
  })

  it.each<Ends>([
    { server: 'nc-ts', client: 'nc-ts', octets: PART },
    { server: 'nc-ts', client: REAL, octets: PART },
    { server: REAL, client: 'nc-ts', octets: PART },
    { server: REAL, client: REAL, octets: PART },
  ])('arrives whole when $server -lN gives $octets octets to $client', async (ends) => {
    await transfer(ends, 'head -c "$OCTETS" sent | "$NC" -lN "$PORT"', '"$NC" -d target.lab "$PORT" >got')
  })

  describe.each(TOOLS)('%s', (name) => {
    // The client sends no end of file of its own: a listener that has one ends, whatever it still has to send.
    it('carries both directions of one connection at the same time', async () => {
      const { start, bash } = tools[name]
      const env = sized(PART)
      const halves = (side: string, command: string) =>
        `head -c "$OCTETS" sent | ${command} | openssl sha256 -r | cut -d ' ' -f 1 >${side}`
      const listener = start(halves('server', '"$NC" -lN "$PORT"'), {
        as: 'target',
        timeoutMs: LIMIT_MS,
        env,
      })
      await settled(() => listens(lab, 'target', PORT), listener)
      const client = await bash(halves('client', '"$NC" target.lab "$PORT"'), { timeoutMs: LIMIT_MS, env })
      expect(client).toMatchObject({ status: 0, stderr: '' })
      expect(await listener.done).toMatchObject({ status: 0, stderr: '' })
      const got = ['server', 'client'].map((side) => readFileSync(here.file(side), 'utf8'))
      expect(got).toEqual([sums.get(PART), sums.get(PART)])
    })
  })
})
