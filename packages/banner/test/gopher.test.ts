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
  { title: 'not by SMTP', octets: '220 mail ESMTP\r\n', context, service: undefined },
])
