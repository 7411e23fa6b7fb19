import { type ByteStream, type DatagramSocket, type Endpoint, err } from '@portkit/core'
import { STATUS } from '../exit-status.ts'
import type { Run } from '../run.ts'
import { converse } from '../session/converse.ts'
import type { Task } from '../settings.ts'
import { received, waitsOn } from '../words/format.ts'
import { inWords } from '../words/in-words.ts'
import { denied } from '../words/own-words.ts'
import { createAccess } from './access.ts'
import { shownHost } from './reverse.ts'
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
  const mayEnter = createAccess(settings.allow, settings.deny)
  const choosy = settings.allow.length > 0 || settings.deny.length > 0
  const net = settings.keepListening && choosy ? admitting(run, socket, mayEnter) : socket
  try {
    if (!settings.keepListening) await meetFirst(run, socket, mayEnter)
    do {
      const { quit } = await converse(run, net, { datagrams: true, listening: true })
      if (quit) break
      // An idle limit of nothing would otherwise turn this into a loop that never lets go of the processor.
      await io.clock.sleep(0)
    } while (settings.keepListening)
    return STATUS.ok
  } finally {
    socket.close('fin')
  }
}

type MayEnter = (address: string) => boolean

/** Connects to the first sender who may enter; datagrams of others are dropped. */
async function meetFirst(run: Run, socket: DatagramSocket, mayEnter: MayEnter): Promise<void> {
  const { settings } = run
  const peer = await admitted(run, socket, mayEnter)
  await socket.connect(peer)
  if (settings.verbose) await run.say(err(received(await shownHost(run, peer), peer.port)))
}

/** The same socket, in which only those are read who may enter. */
function admitting(run: Run, socket: DatagramSocket, mayEnter: MayEnter): ByteStream {
  return {
    local: socket.local,
    remote: socket.remote,
    broken: socket.broken,
    async read(most) {
      await admitted(run, socket, mayEnter)
      return socket.read(most)
    },
    write: (octets) => socket.write(octets),
    endWrite: () => socket.endWrite(),
    close: (how) => socket.close(how),
  }
}

/** The sender of the next datagram that is let in; it is not taken yet. Those before it are dropped. */
async function admitted(run: Run, socket: DatagramSocket, mayEnter: MayEnter): Promise<Endpoint> {
  const { settings } = run
  for (;;) {
    const peer = await socket.sender()
    if (mayEnter(peer.address)) return peer
    await socket.read(1)
    if (settings.verbose) await run.say(err(denied(settings.name, peer)))
  }
}
