import { describe, expect, it } from 'vitest'
import { latin1 } from '../src/dialogue/readers.ts'
import { BER, ber, berInteger, berString } from '../src/octets/ber.ts'
import { ldap } from '../src/protocols/directory/ldap.ts'
import { contextOf, detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const answer = (name: string): Uint8Array =>
  recorded(name).find(({ probe }) => probe === 'ldap-rootdse')?.octets ?? new Uint8Array()
const slapd = answer('slapd')

const entry = (attributes: Record<string, readonly string[]>): Uint8Array => {
  const parts = Object.entries(attributes).map(([name, values]) =>
    ber(BER.sequence, berString(name), ber(BER.set, ...values.map((value) => berString(value)))),
  )
  return ber(BER.sequence, berInteger(1), ber(0x64, berString(''), ber(BER.sequence, ...parts)))
}
const result = (tag: number, code: number, message = ''): Uint8Array =>
  ber(
    BER.sequence,
    berInteger(1),
    ber(tag, berInteger(code, BER.enumerated), berString(''), berString(message)),
  )
const evidenceOf = (octets: Uint8Array) => [
  { field: 'ldap.search_result', text: latin1(octets.subarray(0, 2048)) },
]

const directory389 = entry({
  vendorName: ['389 Project'],
  vendorVersion: ['389-Directory/2.3.1 B2023.062.0000'],
  supportedExtension: ['1.3.6.1.4.1.1466.20037', '1.3.6.1.4.1.4203.1.11.3'],
})
const active = entry({
  namingContexts: ['DC=corp,DC=example', 'CN=Configuration,DC=corp,DC=example'],
  supportedLDAPVersion: ['3', '2'],
  supportedCapabilities: ['1.2.840.113556.1.4.800', '1.2.840.113556.1.4.1670'],
  dnsHostName: ['dc1.corp.example'],
  domainControllerFunctionality: ['7'],
})
const samba = entry({ vendorName: ['Samba Team (https://www.samba.org)'], vendorVersion: ['4.17.12-Debian'] })

detectorTests(ldap, [
  {
    title: 'as OpenLDAP, without a version',
    octets: slapd,
    service: {
      protocol: 'ldap',
      product: 'OpenLDAP',
      evidence: evidenceOf(slapd.subarray(0, 50)),
    },
  },
  {
    title: 'as what a version names',
    octets: directory389,
    service: {
      protocol: 'ldap',
      product: '389-Directory',
      version: '2.3.1',
      details: { 'TLS offered': true },
      evidence: evidenceOf(directory389),
    },
  },
  {
    title: 'without a word on TLS inside of it',
    octets: directory389,
    context: { secure: true },
    service: {
      protocol: 'ldap',
      product: '389-Directory',
      version: '2.3.1',
      evidence: evidenceOf(directory389),
    },
  },
  {
    title: 'as Active Directory, of no product that it did not name',
    octets: active,
    service: {
      protocol: 'ldap',
      info: 'Active Directory',
      hostname: 'dc1.corp.example',
      details: {
        'naming contexts': ['DC=corp,DC=example', 'CN=Configuration,DC=corp,DC=example'],
        'LDAP versions': ['3', '2'],
        'domain controller functionality': ['7'],
      },
      evidence: evidenceOf(active),
    },
  },
  {
    title: 'as what its vendor is called',
    octets: samba,
    service: {
      protocol: 'ldap',
      product: 'Samba Team (https://www.samba.org)',
      version: '4.17.12-Debian',
      evidence: evidenceOf(samba),
    },
  },
  {
    title: 'by a refusal',
    octets: result(0x65, 50, 'anonymous access is not allowed'),
    service: { protocol: 'ldap', info: 'result 50: anonymous access is not allowed' },
  },
  {
    title: 'by a notice that it hangs up',
    octets: result(0x78, 52),
    service: { protocol: 'ldap', info: 'result 52' },
  },
  { title: 'by an entry that is not found', octets: result(0x65, 0), service: { protocol: 'ldap' } },
  {
    title: 'not by SNMP',
    octets: '\x30\x0b\x02\x01\x00\x04\x06public',
    service: undefined,
  },
  { title: 'not by a cut entry', octets: slapd.slice(0, 40), service: undefined },
  { title: 'not by text', octets: '0 hello\r\n', service: undefined },
])

it('knows what came over TLS', () => {
  expect(ldap.detect(answer('slapd-ldaps'), contextOf({ secure: true }))).toMatchObject({
    product: 'OpenLDAP',
  })
})

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', '\x30\x80', '\x30\x10\x04', '\x30\x10\x02\x05', '\x30\x10\x02\x01\x01\x60'])
    expect(ldap.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})

it('asks for attributes of the server itself', () => {
  const probe = latin1(probeOf(ldap))
  expect(probe.slice(0, 13)).toBe('0\x81\xfa\x02\x01\x01c\x81\xf4\x04\0\x0a\x01')
  expect(probe).toContain('\x87\x0bobjectClass')
  expect(probe).toContain('\x04\x0dvendorVersion')
})

describe('STARTTLS of ldap', () => {
  const REQUEST = '\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037'

  it.each([
    ['agreed on', result(0x78, 0), true],
    ['refused', result(0x78, 53, 'TLS not supported'), false],
    ['answered by something else', result(0x65, 0), false],
    ['not answered', '', false],
    ['answered by no LDAP', 'what?\r\n', false],
  ])('is %s', async (_, says, agreed) => {
    const dialogue = scriptedDialogue([{ hears: REQUEST, says }], { segments: [4] })
    expect(await ldap.startTls?.(dialogue)).toBe(agreed)
  })
})
