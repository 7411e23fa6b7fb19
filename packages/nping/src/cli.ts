import { checkSource, createServices, defineCli, type Io, type Say, talk } from '@portkit/core'
import type { Args } from './command-line/args.ts'
import { DEFINITION } from './command-line/definition.ts'
import { needsServices, readSettings } from './command-line/read-settings.ts'
import { ping } from './ping.ts'

/** For command lines without the name of a service. */
const NAMELESS = { portOf: () => undefined, nameOf: () => undefined }

export function npingTs(version: string) {
  return defineCli({
    ...DEFINITION,
    run: (args: Args, io) => talk((say) => start(args, version, io, say)),
  })
}

async function start(args: Args, version: string, io: Io, say: Say): Promise<number> {
  const services = needsServices(args) ? createServices(() => io.system.readText('/etc/services')) : NAMELESS
  const settings = readSettings(args, services)
  if (settings.sourceAddress !== undefined) checkSource('-S', settings.sourceAddress, ownAddresses(io))
  return ping(settings, version, io, say)
}

function ownAddresses({ system }: Io): readonly string[] {
  return Object.values(system.interfaces()).flatMap((own) => own.map(({ address }) => address))
}
