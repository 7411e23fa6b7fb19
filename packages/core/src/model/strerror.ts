import type { IcmpError, Observation } from './observation.ts'

/** strerror(3) of glibc, by the name of the error (errno(3)). */
const TEXTS: Readonly<Record<string, string>> = {
  EPERM: 'Operation not permitted',
  ENOENT: 'No such file or directory',
  EINTR: 'Interrupted system call',
  EIO: 'Input/output error',
  ENXIO: 'No such device or address',
  EBADF: 'Bad file descriptor',
  EAGAIN: 'Resource temporarily unavailable',
  ENOMEM: 'Cannot allocate memory',
  EACCES: 'Permission denied',
  EFAULT: 'Bad address',
  EBUSY: 'Device or resource busy',
  EEXIST: 'File exists',
  ENODEV: 'No such device',
  ENOTDIR: 'Not a directory',
  EISDIR: 'Is a directory',
  EINVAL: 'Invalid argument',
  ENFILE: 'Too many open files in system',
  EMFILE: 'Too many open files',
  ENOTTY: 'Inappropriate ioctl for device',
  EFBIG: 'File too large',
  ENOSPC: 'No space left on device',
  ESPIPE: 'Illegal seek',
  EROFS: 'Read-only file system',
  EPIPE: 'Broken pipe',
  ENAMETOOLONG: 'File name too long',
  ENOSYS: 'Function not implemented',
  ELOOP: 'Too many levels of symbolic links',
  EPROTO: 'Protocol error',
  EOVERFLOW: 'Value too large for defined data type',
  ENOTUNIQ: 'Name not unique on network',
  ENONET: 'Machine is not on the network',
  ENOTSOCK: 'Socket operation on non-socket',
  EDESTADDRREQ: 'Destination address required',
  EMSGSIZE: 'Message too long',
  EPROTOTYPE: 'Protocol wrong type for socket',
  ENOPROTOOPT: 'Protocol not available',
  EPROTONOSUPPORT: 'Protocol not supported',
  ESOCKTNOSUPPORT: 'Socket type not supported',
  EOPNOTSUPP: 'Operation not supported',
  ENOTSUP: 'Operation not supported',
  EPFNOSUPPORT: 'Protocol family not supported',
  EAFNOSUPPORT: 'Address family not supported by protocol',
  EADDRINUSE: 'Address already in use',
  EADDRNOTAVAIL: 'Cannot assign requested address',
  ENETDOWN: 'Network is down',
  ENETUNREACH: 'Network is unreachable',
  ENETRESET: 'Network dropped connection on reset',
  ECONNABORTED: 'Software caused connection abort',
  ECONNRESET: 'Connection reset by peer',
  ENOBUFS: 'No buffer space available',
  EISCONN: 'Transport endpoint is already connected',
  ENOTCONN: 'Transport endpoint is not connected',
  ESHUTDOWN: 'Cannot send after transport endpoint shutdown',
  ETOOMANYREFS: 'Too many references: cannot splice',
  ETIMEDOUT: 'Connection timed out',
  ECONNREFUSED: 'Connection refused',
  EHOSTDOWN: 'Host is down',
  EHOSTUNREACH: 'No route to host',
  EALREADY: 'Operation already in progress',
  EINPROGRESS: 'Operation now in progress',
  ECANCELED: 'Operation canceled',
  EKEYREJECTED: 'Key was rejected by service',
  ENOKEY: 'Required key not available',
}

/** What the system calls an error: `Connection refused`. */
export function strerror(errno: string): string {
  return Object.hasOwn(TEXTS, errno) ? (TEXTS[errno] ?? errno) : `Unknown error ${errno}`
}

/** What Linux makes of ICMP's type 3 (RFC 792, RFC 1122 section 3.2.2.1), by code; net/ipv4/icmp.c. */
const UNREACHABLE_4: readonly string[] = [
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENOPROTOOPT',
  'ECONNREFUSED',
  'EMSGSIZE',
  'EOPNOTSUPP',
  'ENETUNREACH',
  'EHOSTDOWN',
  'ENONET',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EHOSTUNREACH',
  'EHOSTUNREACH',
  'EHOSTUNREACH',
]

/** Of ICMPv6's type 1 (RFC 4443 section 3.1), by code; net/ipv6/icmp.c. */
const UNREACHABLE_6: readonly string[] = [
  'ENETUNREACH',
  'EACCES',
  'EHOSTUNREACH',
  'EHOSTUNREACH',
  'ECONNREFUSED',
  'EACCES',
  'EACCES',
]

/** Other types: time exceeded and parameter problem, and ICMPv6's packet too big. */
const BY_TYPE_4: Readonly<Record<number, string>> = { 11: 'EHOSTUNREACH', 12: 'EPROTO' }
const BY_TYPE_6: Readonly<Record<number, string>> = { 2: 'EMSGSIZE', 3: 'EHOSTUNREACH', 4: 'EPROTO' }

/** The error that Linux would have handed to a program for what came of a connection attempt. */
export function errnoOfFact(fact: Observation): string {
  switch (fact.kind) {
    case 'handshake':
    case 'reply':
    case 'segment':
    case 'host-reply':
      // An answer is no failure, but for the connection that was reset right after the handshake.
      return 'ECONNRESET'
    case 'refused':
      return 'ECONNREFUSED'
    case 'icmp-error':
      return errnoOfIcmp(fact)
    case 'unreachable':
      return fact.code
    case 'silence':
      return 'ETIMEDOUT'
  }
}

function errnoOfIcmp({ family, type, code }: IcmpError): string {
  if (family === 4) return (type === 3 ? UNREACHABLE_4[code] : BY_TYPE_4[type]) ?? 'EHOSTUNREACH'
  return (type === 1 ? UNREACHABLE_6[code] : BY_TYPE_6[type]) ?? 'EPROTO'
}
