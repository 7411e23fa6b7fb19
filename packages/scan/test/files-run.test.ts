import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { readResult } from '../src/results/read-result.ts'
import { OPEN, portsOf, range, STEALTH, scan, worldOf } from './kit.ts'

const WORLD = worldOf({ '10.0.0.2:22': OPEN, '10.0.0.2:24': STEALTH })
const LONG = worldOf({ ...portsOf('10.0.0.2', range(1, 40), STEALTH), '10.0.0.2:22': OPEN })
const ALL = '-oN file.nmap -oX file.xml -oG file.gnmap -oJ file.json -oD file.ndjson'

/** What each file says of port 22, and that it is whole. */
async function expectWhole(file: (path: string) => string, isDone = true): Promise<void> {
  expect(XMLValidator.validate(file('file.xml'))).toBe(true)
  expect(() => JSON.parse(file('file.json'))).not.toThrow()
  for (const name of ['file.xml', 'file.json', 'file.ndjson']) {
    const { hosts, end, warnings } = await readResult(file(name), name)
    expect([name, warnings]).toEqual([name, []])
    expect([name, hosts.map(({ ports }) => ports?.row('tcp', 22)?.state)]).toEqual([name, ['open']])
    expect([name, end?.cut === undefined]).toEqual([name, isDone])
  }
  expect(file('file.gnmap')).toContain('22/open/tcp//ssh///')
  expect(file('file.nmap')).toContain('22/tcp open ')
  for (const name of ['file.gnmap', 'file.nmap']) {
    expect(file(name)).toMatch(isDone ? /\n# Nmap done at .*\n$/ : /\n# Stopped early .*\n$/)
  }
}

describe('files', () => {
  it('of all formats are written, besides the text', async () => {
    const { out, err, file } = await scan(`-n -p 22-24 10.0.0.2 ${ALL}`, WORLD)
    expect(out).toContain('22/tcp open     ssh\n')
    expect(err).toBe('')
    await expectWhole(file)
  })

  it('of -oA are three, with the same base', async () => {
    const { io } = await scan('-n -p 22-24 10.0.0.2 -oA base', WORLD)
    expect([...io.written.keys()].sort()).toEqual(['base.gnmap', 'base.nmap', 'base.xml'])
  })

  it.each([
    ['-oN -', /^# portscan .*\n(.*\n)*# Nmap done/],
    ['-oX -', /^<\?xml (.*\n)*<\/nmaprun>\n$/],
    ['-oG -', /^# portscan .*\n(.*\n)*# Nmap done/],
    ['-oJ -', /^\{(.*\n)*.*\}\n$/],
    ['--json', /^\{(.*\n)*.*\}\n$/],
    ['-oD -', /^(\{.*\}\n)+$/],
    ['--ndjson', /^(\{.*\}\n)+$/],
  ])('with %s one of them takes the place of the text', async (option, text) => {
    const { out, file } = await scan(`-n -p 22-24 10.0.0.2 ${option} -oA file`, WORLD)
    expect(out).toMatch(text)
    expect(out).not.toContain('Starting')
    expect(file('file.xml')).toContain('</nmaprun>')
  })

  it('the name of a file may hold the date', async () => {
    const { io } = await scan('-n -p 22 10.0.0.2 -oG scan-%D.gnmap', WORLD)
    expect([...io.written.keys()]).toEqual([expect.stringMatching(/^scan-\d{6}\.gnmap$/)])
  })

  it('are begun anew, or gone on with by --append-output', async () => {
    const before = { ...WORLD, files: { ...WORLD.files, old: 'what was there\n' } }
    const anew = await scan('-n -p 22 10.0.0.2 -oG old', before)
    expect(anew.file('old')).toMatch(/^# portscan/)
    const more = await scan('-n -p 22 10.0.0.2 -oG old --append-output', before)
    expect(more.file('old')).toMatch(/^what was there\n# portscan/)
  })

  it.each([
    ['-oN', 'normal'],
    ['-oX', 'XML'],
    ['-oG', 'machine'],
  ])('that cannot be written end the run before it begins: %s', async (option, word) => {
    const world = { ...WORLD, unwritable: { '/no/file': 'ENOENT' } }
    const { out, err, status, io } = await scan(`-n -p 22 10.0.0.2 ${option} /no/file`, world)
    expect(err).toBe(
      `Failed to open ${word} output file /no/file for writing: No such file or directory (2)\n`,
    )
    expect([out, status]).toEqual(['', 1])
    expect(io.wire).toEqual([])
  })

  it('leave the others without a word, and nothing is sent', async () => {
    const world = { ...WORLD, unwritable: { '/no/file': 'EACCES' } }
    const words = '-n -p 22 10.0.0.2 -oG one -oX /no/file -oN two --checkpoint state'
    const { file, status, io } = await scan(words, world)
    expect(status).toBe(1)
    expect(['one', 'two'].map(file)).toEqual(['', ''])
    expect(io.wire).toEqual([])
  })

  it('may not be the same for two reports', async () => {
    const { err, status } = await scan('-n -p 22 10.0.0.2 -oN one -oX one', WORLD)
    expect(err).toBe('two reports cannot go to one file: one\nQUITTING!\n')
    expect(status).toBe(1)
  })
})

describe('files are whole, and have what is known,', () => {
  const words = `-n -p 1-40 10.0.0.2 ${ALL}`

  it('after Ctrl-C', async () => {
    const { status, file, out } = await scan(words, LONG, { interruptMs: 50 })
    expect(status).toBe(130)
    expect(out).toContain('Stopped early (SIGINT)')
    await expectWhole(file, false)
  })

  it('after a host took too long', async () => {
    const { status, file, out } = await scan(`--host-timeout 150ms ${words}`, LONG)
    expect(status).toBe(0)
    expect(out).toContain('22/tcp open ')
    await expectWhole(file)
  })

  it('after this machine failed', async () => {
    const { status, file } = await scan(words, { ...LONG, link: { downAtMs: 100 } })
    expect(status).toBe(1)
    await expectWhole(file, false)
  })

  it.each([0, 1, 2, 3])(
    'after nobody read the output any more but %i pieces of it',
    async (readerLeavesAfter) => {
      const { status, file } = await scan(`-v ${words}`, LONG, { readerLeavesAfter })
      expect(status).toBe(0)
      expect(XMLValidator.validate(file('file.xml'))).toBe(true)
      const { end } = await readResult(file('file.json'), 'file.json')
      expect(end).toBeDefined()
      expect(file('file.gnmap')).toMatch(/\n# (Stopped early|Nmap done) .*\n$/)
      expect(file('file.xml').match(/<finished /g)).toHaveLength(1)
    },
  )
})

it('XML of a host that answers with nasty bytes is well-formed', async () => {
  const text = Uint8Array.from({ length: 256 }, (_, octet) => octet)
  const nasty = { does: 'accept', afterMs: 0.1, peer: { kind: 'greeting', text } } as const
  const { file, out } = await scan('-n -sV -p 22 10.0.0.2 -oX file.xml', worldOf({ '10.0.0.2:22': nasty }))
  expect(XMLValidator.validate(file('file.xml'))).toBe(true)
  expect(out + file('file.xml')).not.toMatch(/[^\P{Cc}\n\t]/u)
})
