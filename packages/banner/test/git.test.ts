import { expect, it } from 'vitest'
import { git } from '../src/protocols/files/git.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const error = 'access denied or repository not exported: /no-such-repository'
const pkt = (text: string): string => (text.length + 4).toString(16).padStart(4, '0') + text

detectorTests(git, [
  {
    title: 'by its refusal (git daemon 2.39)',
    octets: `0045ERR ${error}`,
    service: { protocol: 'git', details: { error } },
  },
  {
    title: 'by an informative refusal',
    octets: '002fERR no such repository: /no-such-repository',
    service: { protocol: 'git', details: { error: 'no such repository: /no-such-repository' } },
  },
  {
    title: 'by branches',
    octets: pkt(`${'a'.repeat(40)} HEAD\0multi_ack\n`),
    service: { protocol: 'git' },
  },
  { title: 'not by half a refusal', octets: '0045ERR access denied', service: undefined },
  { title: 'not by a length that is too small', octets: '0003ERR x', service: undefined },
  { title: 'not by a POP3 error', octets: '-ERR no', service: undefined },
  { title: 'not by numbers', octets: '0045 0046\n', service: undefined },
])

it('asks for a repository in a line whose length is exact', () => {
  const text = Buffer.from(probeOf(git)).toString('latin1')
  expect(text).toBe('0034git-upload-pack /no-such-repository\0host=db.lan\0')
  expect(Number.parseInt(text.slice(0, 4), 16)).toBe(text.length)
})
