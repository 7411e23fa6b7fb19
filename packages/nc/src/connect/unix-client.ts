import { err } from '@portkit/core'
import { STATUS } from '../exit-status.ts'
import type { Run } from '../run.ts'
import { converse } from '../session/converse.ts'
import { waitsOnPath } from '../words/format.ts'
import { inWords } from '../words/in-words.ts'

/** `-U PATH`: a session over a UNIX socket, of datagrams with `-u`. @throws NcFault */
export async function unixClient(run: Run, path: string): Promise<number> {
  return run.settings.transport === 'udp' ? datagrams(run, path) : stream(run, path)
}

async function stream(run: Run, path: string): Promise<number> {
  const net = await run.io.sockets.connectUnix(path).catch(inWords(`${path}: `))
  if (!run.settings.zero) await converse(run, net, { datagrams: false, listening: false })
  net.close('fin')
  return STATUS.ok
}

/** Answers need a path to come to: the one of `-s`, or a temporary one. */
async function datagrams(run: Run, path: string): Promise<number> {
  const { settings, io } = run
  const own = settings.source === undefined ? await io.sockets.temporarySocketPath() : undefined
  const source = settings.source ?? own?.path ?? ''
  try {
    const net = await io.sockets.bindUnixDatagram(source).catch(inWords())
    try {
      if (settings.verbose) await run.say(err(waitsOnPath('Bound', source)))
      await net.connect({ address: path, port: 0 }).catch(inWords(`${path}: `))
      if (!settings.zero) await converse(run, net, { datagrams: true, listening: false })
      return STATUS.ok
    } finally {
      net.close('fin')
    }
  } finally {
    own?.remove()
  }
}
