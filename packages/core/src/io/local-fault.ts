import { LocalFault } from '../model/errors.ts'

/** What each errno means for somebody who wants to connect, and what to do about it. */
const WHY: Readonly<Record<string, string>> = {
  EACCES: 'not permitted: a firewall or route forbids it',
  EPERM: 'not permitted by this machine (a local firewall forbids it, or a privilege is missing)',
  EADDRINUSE: 'that source address and port are in use',
  EADDRNOTAVAIL: 'cannot use that source address, or no free source port is left (--close rst frees them)',
  EAFNOSUPPORT: 'this machine does not speak that address family',
  EINVAL: 'the system refuses that address or option',
  EMFILE: 'too many open files in this process (raise `ulimit -n`)',
  ENFILE: 'too many open files on this machine',
  ENETDOWN: 'the network interface is down',
  ENETUNREACH: 'network is unreachable: this machine has no route there',
  EHOSTUNREACH: 'no route to host: this machine has no way there',
  ENOBUFS: 'no buffer space left on this machine',
  ENODEV: 'no such network interface',
  ENOMEM: 'out of memory',
  EPROTONOSUPPORT: 'this machine does not speak that protocol',
}

/** The error for an errno of a local call; `what` names the thing that could not be done, `about` the setting at fault. */
export function localFault(errno: string, what: string, about?: string): LocalFault {
  const why = WHY[errno]
  return new LocalFault(errno, why === undefined ? `${what}: ${errno}` : `${what}: ${why}`, about)
}
