import { gopher } from '../src/protocols/web/gopher.ts'
import { detectorTests, octetsOf } from './detector-kit.ts'

const context = { asked: 'gopher', sent: octetsOf('\r\n') }
const service = { protocol: 'gopher' }

detectorTests(gopher, [
  { title: 'by an item', octets: '1Programs\t/programs\tgopher.lan\t70\r\n.\r\n', context, service },
  { title: 'by a line of text', octets: 'iWelcome\tfake\t(NULL)\t0\r\n', context, service },
  { title: 'by an item of Gopher+', octets: '0About\t/about\tgopher.lan\t70\t+\r\n', context, service },
  { title: 'not as a greeting', octets: '1Programs\t/programs\tgopher.lan\t70\r\n.\r\n', service: undefined },
  {
    title: 'not without a port',
    octets: '1Programs\t/programs\tgopher.lan\tx\r\n',
    context,
    service: undefined,
  },
  { title: 'not by a table of other things', octets: '1\t2\r\n', context, service: undefined },
  {
    title: 'by the error that another question draws',
    octets: "3'GET / HTTP/1.0' does not exist\t\terror.host\t1\r\n",
    context: { asked: 'http', sent: octetsOf('GET / HTTP/1.0\r\n') },
    service,
  },
  {
    title: 'not by the head of a table',
    octets: 'id\tname\thost\t80\r\n',
    context: { asked: 'http', sent: octetsOf('GET / HTTP/1.0\r\n') },
    service: undefined,
  },
  { title: 'not by SMTP', octets: '220 mail ESMTP\r\n', context, service: undefined },
])
