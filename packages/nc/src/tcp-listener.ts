import { type ByteStream, err, type Listener } from '@portkit/core'
import { createAccess } from './access.ts'
import { converse } from './converse.ts'
import { STATUS } from './exit-status.ts'
import { received, waitsOn } from './format.ts'
import { inWords } from './in-words.ts'
import { lookUpLocal } from './look-up.ts'
import { denied } from './own-words.ts'
import { shownHost } from './reverse.ts'
import type { Run } from './run.ts'
import type { Task } from './settings.ts'

/** `-l`: waits for clients, one after the other with `-k`. @throws NcFault */
export async function tcpListener(
  run: Run,
  { host, port }: Extract<Task, { kind: 'listen' }>,
): Promise<number> {
  const { settings, io } = run
  const at = await localAddress(run, host)
  const listener = await io.sockets
    .listenTcp({ ...settings.socket, ...at, port })
    .catch(inWords('', at.family))
  if (settings.verbose)
    await run.say(err(waitsOn('Listening', await shownHost(run, listener.local), listener.local.port)))
  try {
    await serve(run, listener)
    return STATUS.ok
  } finally {
    listener.close()
  }
}

/** The address to wait at: IPv4 unless something else is asked for, as nc has it. */
export async function localAddress(run: Run, host: string | undefined) {
  const { family } = run.settings
  if (host === undefined) return family === 6 ? ({ address: '::', family } as const) : ANY
  return lookUpLocal(run, host, family)
}

const ANY = { address: '0.0.0.0', family: 4 } as const

async function serve(run: Run, listener: Listener): Promise<void> {
  const { settings } = run
  const mayEnter = createAccess(settings.allow, settings.deny)
  for (;;) {
    const client = await listener.accept()
    const peer = client.remote
    if (!mayEnter(peer.address)) {
      client.close('rst')
      if (settings.verbose) await run.say(err(denied(settings.name, peer)))
      continue
    }
    if (settings.verbose) await run.say(err(received(await shownHost(run, peer), peer.port)))
    if ((await attend(run, client)) || !settings.keepListening) return
  }
}

/** One client. Tells whether the whole run is over with it. */
async function attend(run: Run, client: ByteStream): Promise<boolean> {
  const net = await secured(run, client)
  if (net === undefined) return false
  const { quit } = await converse(run, net, { datagrams: false, listening: true })
  net.close('fin')
  return quit
}

async function secured(run: Run, client: ByteStream): Promise<ByteStream | undefined> {
  if (run.settings.tls === undefined) return client
  return (await import('./secure.ts')).secureServer(run, client, run.settings.tls)
}
