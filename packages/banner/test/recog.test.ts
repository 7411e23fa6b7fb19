import { readdirSync, readFileSync } from 'node:fs'
import { createIo } from '@portkit/core'
import { simIo } from '@portkit/core/sim'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Service } from '../src/model/service.ts'
import { type Fingerprints, openFingerprints } from '../src/recog/fingerprints.ts'

const FIXTURES = new URL('fixtures/recog/', import.meta.url)
const FILES = Object.fromEntries(
  readdirSync(FIXTURES).map((name) => [`/recog/${name}`, readFileSync(new URL(name, FIXTURES), 'utf8')]),
)

const open: Fingerprints[] = []
afterEach(() => {
  for (const fingerprints of open.splice(0)) fingerprints.close()
})

async function simulated(files: Readonly<Record<string, string>> = FILES, folder = '/recog') {
  const fingerprints = await openFingerprints(folder, simIo({ ports: {}, files }))
  open.push(fingerprints)
  return fingerprints
}

const seen = (field: string, text: string, more: Partial<Service> = {}): Service => ({
  protocol: field.split('.')[0] ?? '',
  evidence: [{ field, text }],
  ...more,
})

describe('fingerprints', () => {
  it('name vendor, product, version, system and CPE by the first pattern that matches', async () => {
    const { service, cpes } = await (await simulated()).name(seen('ssh.banner', 'acme_SSH-1.2.3 Linux'))
    expect(service).toMatchObject({ protocol: 'ssh', product: 'Acme SSH', version: '1.2.3', os: 'Linux' })
    expect(service.details).toEqual({ vendor: 'Acme', fingerprints: ['Acme "secure" shell & more'] })
    expect(cpes).toEqual(['cpe:2.3:a:acme:ssh_server:1.2.3:*:*:*:*:*:*:*'])
  })

  it('never name a version that was not in the text', async () => {
    const { service, cpes } = await (await simulated()).name(seen('ssh.banner', 'Widget-blue'))
    expect(service).toMatchObject({ product: 'Widget blue', version: undefined })
    expect(cpes).toEqual([
      'cpe:2.3:a:acme:widget\\!:*:-:*:*:*:*:*:*',
      'cpe:2.3:o:acme:acmeos:*:*:*:*:*:*:*:*',
    ])
  })

  it.each([
    ['Windows Server 2008', 'Thing 7.5', undefined],
    ['Windows Server 2008', 'Thing on windows-2008', 'Windows Server 2008'],
    ['Linux', 'Thing', 'Linux'],
    ['Debian 12.x', 'Thing 12', undefined],
  ])('name the system %s of %j only when its version is in there', async (os, text, expected) => {
    const concluded = `<fingerprint pattern="Thing"><description>${os}</description>`
    const params = `<param pos="0" name="os.product" value="${os}"/></fingerprint>`
    const fingerprints = await simulated({
      '/recog/a.xml': `<fingerprints matches="imap4.banner">${concluded}${params}</fingerprints>`,
    })
    const { service } = await fingerprints.name(seen('imap.banner', text))
    expect(service.os).toBe(expected)
    expect(JSON.stringify(service.details ?? {}).includes(os)).toBe(expected !== undefined)
  })

  it('leave what the service says itself as it is', async () => {
    const said = { product: 'OpenSSH', version: '7', os: 'BSD', details: { a: 1 } }
    const service = seen('ssh.banner', 'Acme_ssh_1.2.3 Linux', said)
    const named = await (await simulated()).name(service)
    expect(named.service).toMatchObject({ product: 'OpenSSH', version: '7', os: 'BSD', details: { a: 1 } })
    expect(named.service.details).not.toHaveProperty('vendor')
    const other = await (await simulated()).name({ ...service, version: undefined })
    expect(other.service.version).toBeUndefined()
  })

  it('leave a service alone that none of them knows', async () => {
    for (const service of [seen('ssh.banner', 'x'), seen('none.such', 'Acme'), { protocol: 'ssh' }]) {
      expect(await (await simulated()).name(service)).toEqual({
        service: { product: undefined, version: undefined, os: undefined, ...service },
        cpes: [],
      })
    }
  })

  it('take the kind of text from the name of a file that does not tell it', async () => {
    const { service } = await (await simulated()).name(seen('http_own.server', 'Thing/4.5 x'))
    expect(service).toMatchObject({ product: 'Thing', version: '4.5' })
  })

  it('prefer the databases that say so, whatever the order of files and texts', async () => {
    const database = (matches: string, preference: string, product: string): string =>
      `<fingerprints matches="${matches}" ${preference}><fingerprint pattern="x"><description>${product}</description>` +
      `<param pos="0" name="service.product" value="${product}"/></fingerprint></fingerprints>`
    const fingerprints = await simulated({
      '/recog/a.xml': database('a.a', 'preference="0.3"', 'low'),
      '/recog/b.xml': database('a.a', '', 'lowest'),
      '/recog/c.xml': database('b.b', 'preference="0.8"', 'high'),
      '/recog/d.xml': database('a.a', 'preference="nonsense"', 'odd'),
    })
    const evidence = [
      { field: 'a.a', text: 'x' },
      { field: 'b.b', text: 'x' },
    ]
    const { service } = await fingerprints.name({ protocol: 'x', evidence })
    expect(service.product).toBe('high')
    expect(service.details?.fingerprints).toEqual(['high', 'low', 'lowest', 'odd'])
  })

  it('say how many patterns cannot be used', async () => {
    expect((await simulated()).notes()).toEqual(['1 of 8 patterns in /recog cannot be used here'])
  })

  it('look at the beginning of a text only', async () => {
    const fingerprints = await simulated()
    const named = (field: string, text: string) => fingerprints.name(seen(field, text))
    expect((await named('ssh.banner', `Acme${' '.repeat(5000)}`)).service.details).toBeDefined()
    expect((await named('telnet.banner', `${'x'.repeat(1100)}a!`)).service.product).toBeUndefined()
    expect((await named('telnet.banner', `${'x'.repeat(900)}a!`)).service.product).toBe('Behind')
  })

  it('stay bounded and never reject, whatever a peer says', async () => {
    const fingerprints = await simulated()
    const tail = fc.string({ unit: 'binary', maxLength: 300 })
    const start = fc.constantFrom('Acme_ssh_', 'Widget-', 'Thing/', '')
    await fc.assert(
      fc.asyncProperty(start, tail, async (before, text) => {
        for (const field of ['ssh.banner', 'http_own.server']) {
          const { service, cpes } = await fingerprints.name(seen(field, before + text))
          expect((service.product ?? '').length + (service.version ?? '').length).toBeLessThan(500)
          for (const cpe of cpes) expect(cpe).toMatch(/^cpe:2\.3:[aho](?::(?:[*-]|(?:[\w.-]|\\[!-~])+)){10}$/)
        }
      }),
    )
  })
})

describe('fingerprints with slow patterns', () => {
  it('are matched without them, and say so', async () => {
    const fingerprints = await openFingerprints(FIXTURES.pathname, createIo())
    open.push(fingerprints)
    const { service } = await fingerprints.name(seen('telnet.banner', `${'a'.repeat(60)}!`))
    expect(service.product).toBe('Behind')
    expect(fingerprints.notes()).toEqual([
      expect.stringMatching(/^1 of 8 patterns/),
      expect.stringMatching(/^a pattern that takes too long is left out: .*telnet_slow\.xml: Never ends$/),
    ])
  })

  it('take white space in a hundred ways at once', async () => {
    const { service } = await (await simulated()).name(seen('telnet.banner', `${'\r\n'.repeat(120)}login x`))
    expect(service.product).toBe('White')
    const nothing = await (await simulated()).name(seen('telnet.banner', '\r\n'.repeat(500)))
    expect(nothing.service.product).toBeUndefined()
  })
})

describe('a folder', () => {
  it('that is not there, or has nothing in it, is a fault of this machine', async () => {
    await expect(simulated({})).rejects.toMatchObject({
      name: 'LocalFault',
      message: 'cannot read /recog: no such folder',
    })
    await expect(simulated({ '/recog/README': 'x' })).rejects.toMatchObject({
      name: 'LocalFault',
      message: expect.stringMatching(/^no XML files in \/recog/),
    })
    await expect(openFingerprints(new URL(import.meta.url).pathname, createIo())).rejects.toMatchObject({
      name: 'LocalFault',
      message: expect.stringMatching(/it is no folder$/),
    })
  })

  it.each([
    ['<fingerprints><fingerprint pattern="x"></fingerprints>', /line 1/],
    ['', /\w/],
    ['nothing of the kind', /\w/],
    ['<other/>', /root/],
    ['<fingerprints/><fingerprints/>', /\w/],
    ['<!DOCTYPE x [<!ENTITY a "b">]><fingerprints/>', /document types/],
    [`${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}`, /\w/],
  ])('with a file that is not well-formed names it: %.40s', async (text, message) => {
    const opened = simulated({ '/recog/bad.xml': text })
    await expect(opened).rejects.toMatchObject({
      name: 'LocalFault',
      message: expect.stringMatching(message),
    })
    await expect(opened).rejects.toThrow(/^cannot read \/recog\/bad\.xml: [^\n]+$/)
  })

  it('with a file without end is left', async () => {
    const files = { '/recog/big.xml': ' '.repeat(9 * 1024 * 1024) }
    await expect(simulated(files)).rejects.toThrow('cannot read /recog/big.xml: more than 8 MB')
  })

  it('may have files with odd elements in them, which say nothing', async () => {
    const odd =
      '<fingerprint/><fingerprint pattern="("/><fingerprint pattern="y"><param/><param pos="-1" name="a"/>' +
      '<param pos="9" name="__proto__" value="x"/><param pos="7" name="service.product"/></fingerprint>text'
    const fingerprints = await simulated({
      '/recog/odd.xml': `<fingerprints matches="a.b">${odd}</fingerprints>`,
    })
    const { service, cpes } = await fingerprints.name(seen('a.b', 'y'))
    expect([service.product, cpes]).toEqual([undefined, []])
    expect(fingerprints.notes()).toEqual(['2 of 3 patterns in /recog cannot be used here'])
  })
})
