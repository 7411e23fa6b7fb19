import { gpsd } from '../src/protocols/machines/gpsd.ts'
import { detectorTests } from './detector-kit.ts'

detectorTests(gpsd, [
  {
    title: 'by its greeting',
    octets: '{"class":"VERSION","release":"3.22","rev":"3.22","proto_major":3,"proto_minor":14}\r\n',
    service: { protocol: 'gpsd', product: 'gpsd', version: '3.22', info: 'protocol 3.14' },
  },
  { title: 'not by other objects', octets: '{"class":"DEVICES","devices":[]}\r\n', service: undefined },
  { title: 'not by half an object', octets: '{"class":"VERSION","release":"3.22"', service: undefined },
  {
    title: 'not when its version is no text',
    octets: '{"class":"VERSION","release":3,"proto_major":3,"proto_minor":14}\r\n',
    service: undefined,
  },
])
