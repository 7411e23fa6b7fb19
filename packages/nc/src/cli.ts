import { createServices, defineCli, err, type Io, type Parsed, type Say, talk } from '@portkit/core'
import { faultStatus, STATUS } from './exit-status.ts'
import { NcFault } from './fault.ts'
import { OPTIONS } from './options.ts'
import { perform } from './perform.ts'
import { readSettings } from './read-settings.ts'
import type { Run } from './run.ts'
import type { Settings } from './settings.ts'
import { textsOf } from './texts.ts'
import { classicHelp, complain } from './usage.ts'

/** nc-ts, under the name it was started with. */
export function ncTs(name: string) {
  return defineCli({
    ...textsOf(name),
    options: OPTIONS,
    usageStatus: STATUS.failed,
    faultStatus: (args) => faultStatus(args['exit-code'] === 'state' ? 'state' : 'nc'),
    complaint: (error) => complain(name, error),
    run: (args, io) => talk((say) => start(args, name, io, say)),
  })
}

async function start(args: Parsed<typeof OPTIONS>, name: string, io: Io, say: Say): Promise<number> {
  if (args['nc-help']) {
    await say(err(classicHelp(name)))
    return STATUS.ok
  }
  const services = createServices(() => io.system.readText('/etc/services'))
  const settings = await withKey(readSettings(args, name, services), io)
  const watching = settings.hexDump !== undefined || settings.progress
  const watch = watching ? (await import('./watch.ts')).createWatch(settings, io, say) : undefined
  const input = settings.session.readStdin ? io.stdin : undefined
  const run: Run = { settings, services, io, say, input, reads: 0, watch: watch ?? {} }
  try {
    return await perform(run)
  } finally {
    await watch?.end()
    input?.release()
  }
}

/** `-S` asks for its key before anything else happens. @throws NcFault */
async function withKey(settings: Settings, { system }: Io): Promise<Settings> {
  if (!settings.md5) return settings
  const md5Key = await system.askSecret('TCP MD5SIG password: ')
  if (md5Key === undefined) throw new NcFault('Unable to read TCP MD5SIG password')
  return { ...settings, socket: { ...settings.socket, md5Key } }
}
