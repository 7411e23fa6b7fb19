import { defineCli, err, type Io, type Say, talk } from '@portkit/core'
import type { Args } from './command-line/args.ts'
import { OPTIONS } from './command-line/options.ts'
import { readSettings } from './command-line/read-settings.ts'
import { faultStatus, STATUS } from './exit-status.ts'
import { NcFault } from './fault.ts'
import { perform } from './perform.ts'
import { NAMELESS, type Run } from './run.ts'
import type { Settings } from './settings.ts'

/** nc-ts, under the name it was started with. */
export function ncTs(name: string) {
  return defineCli({
    name,
    texts: async () => (await import('./words/texts.ts')).textsOf(name),
    options: OPTIONS,
    usageStatus: STATUS.failed,
    faultStatus: (args) => faultStatus(args['exit-code'] === 'state' ? 'state' : 'nc'),
    complaint: async (error) => (await import('./words/usage.ts')).complain(name, error),
    run: (args, io) => talk((say) => start(args, name, io, say)),
  })
}

async function start(args: Args, name: string, io: Io, say: Say): Promise<number> {
  if (args['nc-help']) {
    await say(err((await import('./words/usage.ts')).classicHelp(name)))
    return STATUS.ok
  }
  const services = needsNames(args) ? (await import('./names.ts')).servicesOf(io) : NAMELESS
  const settings = await withKey(readSettings(args, name, services), io)
  const watching = settings.hexDump !== undefined || settings.progress
  const watch = watching ? (await import('./session/watch.ts')).createWatch(settings, io, say) : undefined
  const input = settings.session.readStdin ? io.stdin : undefined
  const run: Run = { settings, services, io, say, input, reads: 0, watch: watch ?? {} }
  try {
    return await perform(run)
  } finally {
    input?.release()
    await watch?.end()
  }
}

const NUMBERS = /^\d+(-\d+)?$/

/** Whether the run can come to a service's name: one is given, or one is to be shown. */
function needsNames({ _: [, ...ports], verbose, json, listen, 'source-port': source, proxy }: Args): boolean {
  const given = [...ports, ...(source === undefined ? [] : [source])]
  return verbose || json || listen || proxy !== undefined || !given.every((port) => NUMBERS.test(port))
}

/** `-S` asks for its key before anything else happens. @throws NcFault */
async function withKey(settings: Settings, { system }: Io): Promise<Settings> {
  if (!settings.md5) return settings
  const md5Key = await system.askSecret('TCP MD5SIG password: ')
  if (md5Key === undefined) throw new NcFault('Unable to read TCP MD5SIG password')
  return { ...settings, socket: { ...settings.socket, md5Key } }
}
