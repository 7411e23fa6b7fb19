import { spawn } from 'node:child_process'
import { Socket } from 'node:net'
import koffi from 'koffi'
import { quote } from './text.mjs'

/**
 * Runs a program whose standard output is a UNIX socket, and takes the descriptor that it passes (unix(7), SCM_RIGHTS):
 * tells what came with it, whom it is connected to and what can be read from it.
 */

const [AF_UNIX, SOCK_STREAM, SOL_SOCKET, SCM_RIGHTS] = [1, 1, 1, 1]

/** A program that has ended without passing anything is not waited for. */
const MSG_DONTWAIT = 0x40

/** Octets: cmsghdr(3) up to its data, one descriptor, and room for alignment. */
const CONTROL = { header: 16, room: 24 }

const libc = koffi.load('libc.so.6')
koffi.struct('iovec', { base: 'uint8_t *', length: 'size_t' })
koffi.struct('msghdr', {
  name: 'void *',
  nameLength: 'uint32_t',
  parts: 'iovec *',
  partCount: 'size_t',
  control: 'uint8_t *',
  controlLength: 'size_t',
  flags: 'int',
})
const socketpair = libc.func('int socketpair(int, int, int, _Out_ int *)')
const recvmsg = libc.func('int64_t recvmsg(int, msghdr *, int)')

const [command = '', ...args] = process.argv.slice(2)
const ends = [0, 0]
if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) !== 0) throw new Error('no socket pair')
const [ours = -1, theirs = -1] = ends
const child = spawn(command, args, { stdio: ['inherit', theirs, 'inherit'] })
const status = await new Promise((resolve) => child.once('exit', resolve))

const byte = Buffer.alloc(1)
const control = Buffer.alloc(CONTROL.room)
const got = Number(
  recvmsg(
    ours,
    {
      name: null,
      nameLength: 0,
      parts: [{ base: byte, length: 1 }],
      partCount: 1,
      control,
      controlLength: CONTROL.room,
      flags: 0,
    },
    MSG_DONTWAIT,
  ),
)
const passed = control.readInt32LE(8) === SOL_SOCKET && control.readInt32LE(12) === SCM_RIGHTS
process.stdout.write(
  `message ${quote(byte.subarray(0, Math.max(0, got)))} fds ${passed ? 1 : 0} exit ${status}\n`,
)
if (passed) {
  const socket = new Socket({ fd: control.readInt32LE(CONTROL.header) })
  const first = await new Promise((/** @type {(octets: Buffer) => void} */ resolve) => {
    socket.once('data', resolve)
    socket.once('close', () => resolve(Buffer.alloc(0)))
  })
  const { remoteAddress, remotePort } = socket
  process.stdout.write(`peer ${remoteAddress} ${remotePort} first ${quote(first.subarray(0, 8))}\n`)
  socket.destroy()
}
process.exit()
