import { type DatagramSocket, err } from '@portkit/core'
import { createAccess } from './access.ts'
import { converse } from './converse.ts'
import { STATUS } from './exit-status.ts'
import { received, waitsOn } from './format.ts'
import { inWords } from './in-words.ts'
import { denied } from './own-words.ts'
import { shownHost } from './reverse.ts'
import type { Run } from './run.ts'
import type { Task } from './settings.ts'
import { localAddress } from './tcp-listener.ts'

/** `-lu`: talks with the first sender only; with `-k` it prints what anybody sends. @throws NcFault */
export async function udpListener(
  run: Run,
  { host, port }: Extract<Task, { kind: 'listen' }>,
): Promise<number> {
  const { settings, io } = run
  const at = await localAddress(run, host)
  const socket = await io.sockets.bindUdp({ ...settings.socket, ...at, port }).catch(inWords('', at.family))
  if (settings.verbose)
    await run.say(err(waitsOn('Bound', await shownHost(run, socket.local), socket.local.port)))
  try {
    if (!settings.keepListening) await meetFirst(run, socket)
    do {
      const { quit } = await converse(run, socket, { datagrams: true, listening: true })
      if (quit) break
      // An idle limit of nothing would otherwise turn this into a loop that never lets go of the processor.
      await io.clock.sleep(0)
    } while (settings.keepListening)
    return STATUS.ok
  } finally {
    socket.close('fin')
  }
}

/** Connects to the first sender who may enter; datagrams of others are dropped. */
async function meetFirst(run: Run, socket: DatagramSocket): Promise<void> {
  const { settings } = run
  const mayEnter = createAccess(settings.allow, settings.deny)
  for (;;) {
    const peer = await socket.sender()
    if (mayEnter(peer.address)) {
      await socket.connect(peer)
      if (settings.verbose) await run.say(err(received(await shownHost(run, peer), peer.port)))
      return
    }
    await socket.read(1)
    if (settings.verbose) await run.say(err(denied(settings.name, peer)))
  }
}
