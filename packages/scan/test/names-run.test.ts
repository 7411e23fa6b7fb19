import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, rowsOf, scan, worldOf } from './kit.ts'

const WORLD: World = worldOf(
  { '10.0.0.2:22': OPEN },
  {
    addresses: ['10.0.0.1', 'fd00::1'],
    hosts: { 'db.lan': ['10.0.0.2', '10.0.0.3', 'fd00::2'], 'old.lan': ['10.0.0.99'] },
    names: { '10.0.0.2': 'ptr.lan', '10.0.0.99': 'gone.lan', '10.0.0.3': 'bad\u001b[2Jname.lan' },
    machines: { '10.0.0.99': { isAbsent: true } },
  },
)

/** The lines of the report that have a name in them. */
async function named(words: string): Promise<readonly string[]> {
  const { out } = await scan(`-p 22 ${words}`, WORLD)
  return out.split('\n').filter((line) => /^(Nmap scan report|Other addresses|rDNS record)/.test(line))
}

describe('names', () => {
  it.each([
    ['10.0.0.2', ['Nmap scan report for ptr.lan (10.0.0.2)']],
    ['-n 10.0.0.2', ['Nmap scan report for 10.0.0.2']],
    ['-R 10.0.0.2', ['Nmap scan report for ptr.lan (10.0.0.2)']],
    ['-v 10.0.0.99', ['Nmap scan report for 10.0.0.99 [host down]']],
    ['-v -R 10.0.0.99', ['Nmap scan report for gone.lan (10.0.0.99) [host down]']],
    ['-v -R -n 10.0.0.99', ['Nmap scan report for 10.0.0.99 [host down]']],
    ['-v -n old.lan', ['Nmap scan report for old.lan (10.0.0.99) [host down]']],
    [
      'db.lan',
      [
        'Nmap scan report for db.lan (10.0.0.2)',
        'Other addresses for db.lan (not scanned): 10.0.0.3 fd00::2',
        'rDNS record for 10.0.0.2: ptr.lan',
      ],
    ],
    ['-n -6 db.lan', ['Nmap scan report for db.lan (fd00::2)']],
    [
      '-n --resolve-all db.lan',
      ['10.0.0.2', '10.0.0.3', 'fd00::2'].map((address) => `Nmap scan report for db.lan (${address})`),
    ],
    ['10.0.0.4', ['Nmap scan report for 10.0.0.4']],
  ])('with %s are told as nmap tells them', async (words, lines) => {
    expect(await named(words)).toEqual(lines)
  })

  it('from hostile name servers cannot write to the terminal', async () => {
    const { out, file } = await scan('-p 22 10.0.0.3 -oA all --ndjson', WORLD)
    for (const text of [out, file('all.nmap'), file('all.xml'), file('all.gnmap')]) {
      expect(text).toContain('name.lan')
      expect(text).not.toContain('\u001b')
    }
  })

  it('are not asked for with -n', async () => {
    const { io } = await scan('-n -sn 10.0.0.2', { ...WORLD, names: new Proxy({}, { get: neverAsked }) })
    expect(io.wire.length).toBeGreaterThan(0)
  })
})

function neverAsked(): never {
  throw new Error('a name was asked for')
}

describe('names that nobody knows', () => {
  it('are told as nmap tells them, and the others are scanned', async () => {
    const { out, err, status } = await scan('-n -p 22 nobody.lan 10.0.0.2', WORLD)
    expect(err).toBe('Failed to resolve "nobody.lan".\n')
    expect(rowsOf(out)).toEqual(['22/tcp open ssh'])
    expect(status).toBe(0)
  })

  it('leave nothing to scan, which is no error', async () => {
    const { out, err, status } = await scan('-n -p 22 nobody.lan', WORLD)
    expect(err).toBe(
      'Failed to resolve "nobody.lan".\nWARNING: No targets were specified, so 0 hosts scanned.\n',
    )
    expect(out).toContain('Nmap done: 0 IP addresses (0 hosts up) scanned')
    expect(status).toBe(0)
  })

  it('for now are as those that are not known', async () => {
    const nameErrors = { 'slow.lan': { code: 'EAI_AGAIN', text: 'Temporary failure in name resolution' } }
    const { err } = await scan('-n -p 22 slow.lan 10.0.0.2', { ...WORLD, nameErrors })
    expect(err).toContain('Failed to resolve "slow.lan"')
  })
})

describe('targets', () => {
  it('come from a file, with comments, and from standard input', async () => {
    const files = { ...WORLD.files, list: '10.0.0.2 # the first\n\n10.0.0.4\t10.0.0.5\n' }
    const { out } = await scan('-n -sn -iL list', { ...WORLD, files })
    expect(out.match(/^Nmap scan report for (.*)$/gm)).toHaveLength(3)
    const stdin = await scan('-n -sn -iL -', { ...WORLD, stdin: [{ write: '10.0.0.2\n10.0.0.4' }] })
    expect(stdin.out.match(/^Nmap scan report for (.*)$/gm)).toHaveLength(2)
  })

  it('are only listed with -sL', async () => {
    const { out, io } = await scan('-sL 10.0.0.2-3 db.lan', { ...WORLD, names: { '10.0.0.2': 'ptr.lan' } })
    expect(out.match(/^(Nmap scan|Other|rDNS).*$/gm)).toEqual([
      'Nmap scan report for ptr.lan (10.0.0.2)',
      'Nmap scan report for 10.0.0.3',
      'Nmap scan report for db.lan (10.0.0.2)',
      'Other addresses for db.lan (not scanned): 10.0.0.3 fd00::2',
      'rDNS record for 10.0.0.2: ptr.lan',
    ])
    expect(io.wire).toEqual([])
  })
})
