import { tlsAlert } from '../src/protocols/tunnels/tls-alert.ts'
import { detectorTests, recorded } from './detector-kit.ts'

const tls = { protocol: 'tls', wantsTls: true }
const garbage = recorded('hostile-tlsgarbage').find(({ octets }) => octets.length > 0)?.octets ?? ''

detectorTests(tlsAlert, [
  {
    title: 'by an alert, as OpenSSL has it for plain text',
    octets: '\x15\x03\x01\0\x02\x02\x46',
    service: { ...tls, details: { alert: 'protocol version' } },
  },
  {
    title: 'by the alert of others',
    octets: '\x15\x03\x03\0\x02\x02\x0a',
    service: { ...tls, details: { alert: 'unexpected message' } },
  },
  {
    title: 'by a ServerHello',
    octets: `\x16\x03\x03\0\x4a\x02\0\0\x46\x03\x03${'r'.repeat(32)}`,
    service: tls,
  },
  {
    title: 'not inside TLS',
    octets: '\x15\x03\x01\0\x02\x02\x46',
    context: { secure: true },
    service: undefined,
  },
  {
    title: 'not over UDP',
    octets: '\x15\x03\x01\0\x02\x02\x46',
    context: { transport: 'udp' },
    service: undefined,
  },
  { title: 'not by half an alert', octets: '\x15\x03\x01\0\x02\x02', service: undefined },
  { title: 'not by an alert that there is not', octets: '\x15\x03\x01\0\x02\x02\xee', service: undefined },
  { title: 'not by lengths that cannot be (recorded)', octets: garbage, service: undefined },
  { title: 'not by a ClientHello', octets: '\x16\x03\x01\0\xc8\x01\0\0\xc4\x03\x03', service: undefined },
  { title: 'not by SSL 2', octets: '\x80\x2e\x01\x03\x01', service: undefined },
])
