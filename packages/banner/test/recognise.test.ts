import { expect, it } from 'vitest'
import type { Fingerprint } from '../src/recog/fingerprint.ts'
import { recognise } from '../src/recog/recognise.ts'

const fingerprint = (version: string): Fingerprint => ({
  description: '',
  pattern: { source: '^', flags: '' },
  params: [
    { pos: 0, name: 'service.product', value: 'Server' },
    { pos: 0, name: 'service.version', value: version },
  ],
})

const versionTold = (version: string, text: string): string | undefined =>
  recognise(fingerprint(version), text, { at: 0, groups: [] }).version

it.each([
  ['2', 'Server/12.0'],
  ['2', 'Server/1.2.3'],
  ['1.2', 'Server 11.2'],
  ['1.2', 'Server 1.25'],
  ['4.6.2', 'Server 4.17.12'],
])('does not take %s for told where the peer said %s', (version, text) => {
  expect(versionTold(version, text)).toBeUndefined()
})

it.each([
  ['2', 'Server/12.0 release 2'],
  ['1.2', 'Server 1.2p3'],
  ['1.2', 'Server v1.2.9'],
  ['7.6p1', 'OpenSSH_7.6P1 Ubuntu'],
])('takes %s for told where the peer said %s', (version, text) => {
  expect(versionTold(version, text)).toBe(version)
})
