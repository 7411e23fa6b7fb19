import { type ByteStream, err, type Listener } from '@portkit/core'
import { lookUpLocal } from '../connect/look-up.ts'
import { STATUS } from '../exit-status.ts'
import type { Run } from '../run.ts'
import { converse } from '../session/converse.ts'
import type { Task } from '../settings.ts'
import { received, waitsOn } from '../words/format.ts'
import { inWords } from '../words/in-words.ts'
import { denied } from '../words/own-words.ts'
import { createAccess } from './access.ts'
import { shownHost } from './reverse.ts'

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
    return await serve(run, listener)
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

/** Gives the exit status. */
async function serve(run: Run, listener: Listener): Promise<number> {
  const { settings } = run
  const mayEnter = createAccess(settings.allow, settings.deny)
  for (;;) {
    const client = await listener.accept().catch(inWords('accept: '))
    if (!(await admit(run, client, mayEnter))) continue
    const went = await attend(run, client)
    if (went === 'quit' || !settings.keepListening) return went === 'unsecured' ? STATUS.failed : STATUS.ok
  }
}

/** Tells who has come, and turns away who may not. */
async function admit(run: Run, client: ByteStream, mayEnter: (address: string) => boolean): Promise<boolean> {
  const { name, verbose } = run.settings
  const peer = client.remote
  const may = mayEnter(peer.address)
  if (!may) client.close('rst')
  if (verbose) {
    const line = may ? received(await shownHost(run, peer), peer.port) : denied(name, peer)
    await run.say(err(line))
  }
  return may
}

/** One client. `quit`: the whole run is over with it; `unsecured`: there was no TLS with it. */
async function attend(run: Run, client: ByteStream): Promise<'served' | 'quit' | 'unsecured'> {
  const net = await secured(run, client)
  if (net === undefined) return 'unsecured'
  const { quit } = await converse(run, net, { datagrams: false, listening: true })
  net.close('fin')
  return quit ? 'quit' : 'served'
}

async function secured(run: Run, client: ByteStream): Promise<ByteStream | undefined> {
  if (run.settings.tls === undefined) return client
  return (await import('../connect/secure.ts')).secureServer(run, client, run.settings.tls)
}
