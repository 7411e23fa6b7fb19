import { defineCli, type Io, knownPorts, out, type Say, talk } from '@portkit/core'
import type { Args } from './command-line/args.ts'
import { DEFINITION } from './command-line/definition.ts'
import { readSettings } from './command-line/read-settings.ts'
import { hping } from './hping.ts'

export function hpingTs() {
  return defineCli({
    ...DEFINITION,
    run: (args: Args, io) => talk((say) => start(args, io, say)),
  })
}

async function start(args: Args, io: Io, say: Say): Promise<number> {
  if (args.tos === 'help') {
    await say(out((await import('./command-line/tos-help.ts')).TOS_HELP))
    return 0
  }
  const settings = readSettings(args, () => knownPorts(() => io.system.readText('/etc/services')))
  return hping(settings, io, say)
}
