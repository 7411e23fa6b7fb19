import { type DatagramSocket, err, strerror } from '@portkit/core'
import { STATUS } from '../exit-status.ts'
import { NcFault } from '../fault.ts'
import type { Run } from '../run.ts'
import { converse } from '../session/converse.ts'
import { receivedOnPath, waitsOnPath } from '../words/format.ts'
import { inWords } from '../words/in-words.ts'

/** `-lU PATH`: a UNIX socket that waits, of datagrams with `-u`. @throws NcFault */
export async function unixListener(run: Run, path: string): Promise<number> {
  return run.settings.transport === 'udp' ? datagrams(run, path) : streams(run, path)
}

async function streams(run: Run, path: string): Promise<number> {
  const { settings, io } = run
  const listener = await io.sockets.listenUnix(path).catch(inWords())
  try {
    if (settings.verbose) await run.say(err(waitsOnPath('Bound', path) + waitsOnPath('Listening', path)))
    for (;;) {
      const client = await listener.accept()
      if (settings.verbose) await run.say(err(receivedOnPath(path)))
      const { quit } = await converse(run, client, { datagrams: false, listening: true })
      client.close('fin')
      if (quit || !settings.keepListening) return STATUS.ok
    }
  } finally {
    listener.close()
  }
}

async function datagrams(run: Run, path: string): Promise<number> {
  const { settings, io } = run
  const socket = await io.sockets.bindUnixDatagram(path).catch(inWords())
  try {
    if (settings.verbose) await run.say(err(waitsOnPath('Bound', path)))
    if (!settings.keepListening) return await oneSender(run, socket, path)
    for (;;) {
      const { quit } = await converse(run, socket, { datagrams: true, listening: true })
      if (quit) return STATUS.ok
      await io.clock.sleep(0)
    }
  } finally {
    socket.close('fin')
  }
}

/** As nc 1.219 does it: in the end it tries to dissolve the socket's connection, which Linux refuses. @throws NcFault */
async function oneSender(run: Run, socket: DatagramSocket, path: string): Promise<never> {
  const peer = await socket.sender()
  await socket.connect(peer).catch(inWords('connect: '))
  if (run.settings.verbose) await run.say(err(receivedOnPath(path)))
  await converse(run, socket, { datagrams: true, listening: true })
  throw new NcFault(`connect: ${strerror('EINVAL')}`)
}
