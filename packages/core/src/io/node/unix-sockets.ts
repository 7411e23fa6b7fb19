import { closeSync, openSync, renameSync, unlinkSync } from 'node:fs'
import type { Server } from 'node:net'
import { LocalFault } from '../../model/errors.ts'
import { localFault } from '../local-fault.ts'
import type { ByteStream, Listener } from '../streams.ts'
import { createByteSocket } from './byte-stream.ts'
import { listen, listenerOf } from './listener.ts'

/** sockaddr_un.sun_path with the NUL at its end (unix(7)). */
const LONGEST_PATH = 107

/** See Sockets.connectUnix. */
export async function connectUnix(path: string): Promise<ByteStream> {
  const what = `connect to ${path}`
  const { socket, stream } = createByteSocket()
  const name = systemPath(path, what)
  return new Promise((resolve, reject) => {
    const failed = ({ code = 'EIO' }: NodeJS.ErrnoException): void => reject(localFault(code, what))
    socket.once('error', failed)
    socket.connect({ path: name }, () => {
      socket.off('error', failed)
      resolve(stream({ local: { address: '', port: 0 }, remote: { address: path, port: 0 } }))
    })
  })
}

/** See Sockets.listenUnix. */
export async function listenUnix(path: string): Promise<Listener> {
  const what = `listen at ${path}`
  const name = systemPath(path, what)
  if (!name.startsWith('\0')) removeOld(path)
  // Node takes what reads as a number for a port.
  const file = Number(name) >= 0 ? `./${name}` : name
  const server = await listen({ path: file, backlog: 1, exclusive: true }, what).catch((error: unknown) => {
    const said = error instanceof LocalFault && error.code === 'EACCES'
    throw said ? localFault(whyNoFile(name), what, 'path') : error
  })
  const local = { address: path, port: 0 }
  const ends = { local, remote: { address: '', port: 0 } }
  return listenerOf(
    server,
    local,
    () => ends,
    () => closeKeepingFile(server, name),
  )
}

/** `@name` is an abstract one. @throws LocalFault for what cannot be an address */
function systemPath(path: string, what: string): string {
  if (Buffer.byteLength(path) > LONGEST_PATH) throw localFault('ENAMETOOLONG', what, 'path')
  if (path === '') throw localFault('EINVAL', what, 'path')
  if (path.includes('\0')) throw new LocalFault('EINVAL', `${what}: a path has no NUL in it`, 'path')
  return path.startsWith('@') ? `\0${path.slice(1)}` : path
}

function removeOld(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // Whatever is in the way shows when the socket is bound.
  }
}

/** libuv calls ENOENT of bind(2) EACCES: the system says the same of a file there as of a socket. */
function whyNoFile(path: string): string {
  try {
    closeSync(openSync(path, 'wx'))
    unlinkSync(path)
    return 'EACCES'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'EACCES'
  }
}

/** Node removes the file of a server that it closes, nc leaves it behind: it is out of the way for that moment. */
function closeKeepingFile(server: Server, path: string): void {
  if (path.startsWith('\0')) return void server.close()
  const aside = `${path}.${process.pid}`
  let moved = false
  try {
    renameSync(path, aside)
    moved = true
  } catch {
    // It is gone, or may not be touched: then Node cannot remove it either.
  }
  server.close()
  if (moved) renameSync(aside, path)
}
