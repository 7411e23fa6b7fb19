import { constants, endianness } from 'node:os'
import type { LibraryHandle } from 'koffi'
import { optionalPackage } from '../builtin.ts'

/** An address in this process's memory. */
export type Pointer = bigint

/** The C calls of the kernel path. Those that fail return -1 and leave the reason in `errno()`. */
export interface Libc {
  socket(family: number, type: number, protocol: number): number
  connect(fd: number, address: Pointer, length: number): number
  bind(fd: number, address: Pointer, length: number): number
  listen(fd: number, backlog: number): number
  accept4(fd: number, address: Pointer, length: Pointer, flags: number): number
  getsockname(fd: number, address: Pointer, length: Pointer): number
  setsockopt(fd: number, level: number, name: number, value: Pointer, length: number): number
  getsockopt(fd: number, level: number, name: number, value: Pointer, length: Pointer): number
  recvmsg(fd: number, message: Pointer, flags: number): number
  sendmsg(fd: number, message: Pointer, flags: number): number
  recvfrom(fd: number, octets: Pointer, most: number, flags: number, from: Pointer, length: Pointer): number
  /** Only reads the octets, and only during the call. */
  send(fd: number, octets: Uint8Array, length: number, flags: number): number
  unlink(path: string): number
  poll(fds: Pointer, count: number, timeoutMs: number): number
  close(fd: number): number
  eventfd(start: number, flags: number): number
  epollCreate(flags: number): number
  epollControl(fd: number, operation: number, target: number, event: Pointer): number
  /** Waits on a thread of the pool; `done` gets the number of events or -1. */
  epollWait(fd: number, events: Pointer, most: number, timeoutMs: number, done: (count: number) => void): void
  /** Another C function, bound when it is asked for: each costs the start some microseconds. `signature` as in C. */
  bindMore<F>(signature: string): F
  /** Memory that neither moves nor is freed for the life of the process. */
  allocate(octets: number): { readonly at: Pointer; readonly view: DataView }
  errno(): string
  errnoNumber(): number
}

let loaded: Libc | undefined | 'untried' = 'untried'

/** The C library through koffi, loaded once; undefined where there is no koffi or no 64-bit Linux. */
export function loadLibc(): Libc | undefined {
  if (loaded === 'untried') loaded = tryLoad()
  return loaded
}

function tryLoad(): Libc | undefined {
  const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
  if (!known || endianness() !== 'LE') return undefined
  try {
    const koffi = optionalPackage<typeof import('koffi')>('koffi', 'index.cjs')
    return bindAll(koffi, openLibrary(koffi))
  } catch {
    return undefined
  }
}

function openLibrary(koffi: typeof import('koffi')): LibraryHandle {
  try {
    return koffi.load('libc.so.6')
  } catch {
    return koffi.load('libc.so') // musl
  }
}

function bindAll(koffi: typeof import('koffi'), lib: LibraryHandle): Libc {
  const epollWait = lib.func('int epoll_wait(int, void *, int, int)')
  return {
    socket: lib.func('int socket(int, int, int)'),
    connect: lib.func('int connect(int, void *, uint32_t)'),
    bind: lib.func('int bind(int, void *, uint32_t)'),
    listen: lib.func('int listen(int, int)'),
    accept4: lib.func('int accept4(int, void *, void *, int)'),
    getsockname: lib.func('int getsockname(int, void *, void *)'),
    setsockopt: lib.func('int setsockopt(int, int, int, void *, uint32_t)'),
    getsockopt: lib.func('int getsockopt(int, int, int, void *, void *)'),
    recvmsg: lib.func('intptr_t recvmsg(int, void *, int)'),
    sendmsg: lib.func('intptr_t sendmsg(int, void *, int)'),
    recvfrom: lib.func('intptr_t recvfrom(int, void *, size_t, int, void *, void *)'),
    send: lib.func('intptr_t send(int, void *, size_t, int)'),
    unlink: lib.func('int unlink(const char *)'),
    poll: lib.func('int poll(void *, unsigned long, int)'),
    close: lib.func('int close(int)'),
    eventfd: lib.func('int eventfd(unsigned int, int)'),
    epollCreate: lib.func('int epoll_create1(int)'),
    epollControl: lib.func('int epoll_ctl(int, int, int, void *)'),
    epollWait: (fd, events, most, timeoutMs, done) =>
      epollWait.async(fd, events, most, timeoutMs, (error: unknown, count: number) =>
        done(error ? -1 : count),
      ),
    bindMore: <F>(signature: string) => lib.func(signature) as F,
    allocate(octets) {
      const memory = koffi.alloc('uint8_t', octets)
      keep.push(memory)
      return { at: koffi.address(memory), view: new DataView(koffi.view(memory, octets)) }
    },
    errno: () => errnoName(koffi.errno()),
    errnoNumber: () => koffi.errno(),
  }
}

/** `ECONNREFUSED` for 111. */
export function errnoName(errno: number): string {
  const [name] = Object.entries(constants.errno).find(([, number]) => number === errno) ?? []
  return name ?? `errno ${errno}`
}

/** Keeps every allocation referenced: the kernel may write to it at any time. */
const keep: unknown[] = []
