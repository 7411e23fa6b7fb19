/**
 * The texts of strerror(3) that the calls of a raw socket may end with, of glibc and of musl: raw-socket hands over
 * nothing else. Programs that never call setlocale(3), such as Node, get them in English.
 */
const CODES: Readonly<Record<string, string>> = {
  'Operation not permitted': 'EPERM',
  'Permission denied': 'EACCES',
  'Resource temporarily unavailable': 'EAGAIN',
  'No buffer space available': 'ENOBUFS',
  'Cannot allocate memory': 'ENOMEM',
  'Out of memory': 'ENOMEM',
  'Message too long': 'EMSGSIZE',
  'Message too large': 'EMSGSIZE',
  'Invalid argument': 'EINVAL',
  'No such device': 'ENODEV',
  'No such device or address': 'ENXIO',
  'Network is down': 'ENETDOWN',
  'Network is unreachable': 'ENETUNREACH',
  'Network unreachable': 'ENETUNREACH',
  'No route to host': 'EHOSTUNREACH',
  'Host is unreachable': 'EHOSTUNREACH',
  'Host is down': 'EHOSTDOWN',
  'Connection refused': 'ECONNREFUSED',
  'Cannot assign requested address': 'EADDRNOTAVAIL',
  'Address not available': 'EADDRNOTAVAIL',
  'Too many open files': 'EMFILE',
  'No file descriptors available': 'EMFILE',
  'Too many open files in system': 'ENFILE',
  'Address family not supported by protocol': 'EAFNOSUPPORT',
  'Protocol not supported': 'EPROTONOSUPPORT',
  'Protocol not available': 'ENOPROTOOPT',
  'Interrupted system call': 'EINTR',
  'Bad file descriptor': 'EBADF',
  'Input/output error': 'EIO',
  'I/O error': 'EIO',
}

/** The errno's name behind an error of raw-socket; the text itself where it is not known. */
export function errnoOf(error: Error, nameOf: (status: number) => string): string {
  // Of a failed poll there is libuv's negative number instead of a text.
  if (/^-\d+$/.test(error.message)) return nameOf(Number(error.message))
  return CODES[error.message] ?? error.message
}
