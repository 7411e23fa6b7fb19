import { mpd } from '../src/protocols/talk/mpd.ts'
import { detectorTests } from './detector-kit.ts'

detectorTests(mpd, [
  {
    title: "by its greeting, whose version is the protocol's",
    octets: 'OK MPD 0.23.5\n',
    service: { protocol: 'mpd', product: 'MPD', info: 'protocol 0.23.5' },
  },
  { title: 'not without a version', octets: 'OK MPD\n', service: undefined },
  { title: 'not by POP3', octets: '+OK MPD 0.23.5\n', service: undefined },
  { title: 'not with words behind', octets: 'OK MPD 0.23.5 or so\n', service: undefined },
])
