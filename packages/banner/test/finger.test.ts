import { finger } from '../src/protocols/small/finger.ts'
import { detectorTests, recorded } from './detector-kit.ts'

const service = { protocol: 'finger' }

detectorTests(finger, [
  ...recorded('fingerd')
    .filter(({ octets }) => octets.length > 0)
    .map(({ probe, octets }) => ({ title: `by what fingerd says to ${probe}`, octets, service })),
  {
    title: 'by a title of columns',
    octets: 'Login     Name       Tty      Idle  Login Time\r\nroot',
    service,
  },
  { title: 'by Solaris', octets: 'Login name: root      \t\tIn real life: Super-User\r\n', service },
  { title: 'not by a prompt for a login', octets: 'Login: ', service: undefined },
  { title: 'not by a prompt with a name', octets: 'Login: root\r\nPassword: ', service: undefined },
])
