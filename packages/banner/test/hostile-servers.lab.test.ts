import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { HOSTILE, SERVERS, ServersWorld, TARGET } from '@portkit/lab/servers-world'
import { builtTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../core/test/tool-kit.ts'

const lacks = missing(['unshare', 'setpriv', 'openssl'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

const PORTS = Object.values(HOSTILE).join(',')
const TIMEOUT_S = 3

/** What a terminal would act upon, or hide; line ends are ours. */
const UNCLEAN = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\u{feff}]/u

const FORMS = [
  ['text', ['-v', '--hex', '--follow', '5', '--colour', 'never']],
  ['text of --thorough', ['--thorough', '-v']],
  ['CSV', ['--csv']],
  ['URLs', ['--url']],
  ['JSON', ['--json', '--follow', '5']],
] as const

describe.skipIf(skipped !== '')(`hostile servers${skipped}`, () => {
  const world = new ServersWorld(SERVERS.filter(({ name }) => name === 'hostile'))
  const tool = builtTool(join(import.meta.dirname, '..'), 'banner')
  const look = async (...words: readonly string[]) => {
    const [node, args] = tool.command('--timeout', String(TIMEOUT_S), ...words, TARGET.address4, PORTS)
    return world.exec(node, args)
  }

  const runs = new Map<string, Awaited<ReturnType<typeof look>>>()

  beforeAll(async () => {
    await world.up()
    const all = FORMS.map(async ([title, words]) => runs.set(title, await look(...words)))
    await Promise.all(all)
  })
  afterAll(() => world.remove())

  it.each(FORMS)('leave the output clean: %s', (title) => {
    const { stdout = '', stderr } = runs.get(title) ?? {}
    const lines = stdout.split(/\r?\n/)
    expect(lines.length).toBeGreaterThan(10)
    expect(lines.filter((line) => UNCLEAN.test(line))).toEqual([])
    expect(stderr).toBe('')
  })

  it('are each told of once, with no more than was to be read of them', () => {
    const { stdout = '', status } = runs.get('JSON') ?? {}
    const records = recordsOf(stdout)
    expect(records.map(({ port }) => port).sort()).toEqual(Object.values(HOSTILE).sort())
    for (const { exchanges, state } of records) {
      expect(state).toBe('open')
      const octets = (exchanges as readonly { readonly octets: number }[]).map((exchange) => exchange.octets)
      // What is overheard of failed handshakes is not read by us.
      expect(octets.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(65_536 + 8192)
    }
    expect(status).toBe(0)
  })
})
