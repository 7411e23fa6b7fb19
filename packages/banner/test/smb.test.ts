import { smb } from '../src/protocols/files/smb.ts'
import { detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'

const direct = { sent: probeOf(smb, { port: 445 }) }
const inSession = { sent: probeOf(smb, { port: 139 }) }
const request = { sent: probeOf(smb, { port: 139 }).subarray(0, 72) }

const answerOf = (name: string, probe: string): Uint8Array =>
  recorded(name).find((row) => row.probe === probe)?.octets ?? new Uint8Array()
const samba = answerOf('smbd', 'smb2')
const accepted = answerOf('smbd-netbios', 'nbss')

const SAMBA = {
  protocol: 'smb',
  info: 'dialect 2.1',
  details: {
    dialect: '2.1',
    signing: 'enabled',
    'server guid': '0062616c-0000-0000-0000-000000000000',
    time: '2026-11-20T15:06:46.836Z',
  },
}
const error = samba.slice()
error.set([0xbb, 0, 0, 0xc0], 4 + 8)
error.set([9, 0], 4 + 64)

detectorTests(smb, [
  { title: 'Samba, by its answer to an offer of dialects', octets: samba, context: direct, service: SAMBA },
  {
    title: 'in a NetBIOS session',
    octets: Uint8Array.from([...accepted, ...samba]),
    context: inSession,
    service: SAMBA,
  },
  { title: 'without a session at its port', octets: samba, context: inSession, service: SAMBA },
  {
    title: 'a session in which nothing was offered',
    octets: accepted,
    context: request,
    service: { protocol: 'netbios-ssn' },
  },
  {
    title: 'a session in which nothing follows',
    octets: accepted,
    context: inSession,
    service: { protocol: 'netbios-ssn' },
  },
  {
    title: 'a session that is refused',
    octets: '\x83\0\0\x01\x82',
    context: inSession,
    service: { protocol: 'netbios-ssn', info: 'session refused, code 0x82' },
  },
  {
    title: 'an error',
    octets: error,
    context: direct,
    service: { protocol: 'smb', info: 'status 0xc00000bb' },
  },
  {
    title: 'a server of version 1',
    octets: octetsOf(`\0\0\0\x23\xffSMBr${'\0'.repeat(30)}`),
    context: direct,
    service: { protocol: 'smb', info: 'dialect 1', details: { dialect: '1' } },
  },
  { title: 'not by the offer itself', octets: direct.sent, context: direct, service: undefined },
  { title: 'not where nothing was offered', octets: samba, service: undefined },
  {
    title: 'not by an answer that is cut off',
    octets: samba.subarray(0, 100),
    context: direct,
    service: undefined,
  },
])
