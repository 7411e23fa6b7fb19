import { createSystemServices, type Io, type Services } from '@portkit/core'

/** The services of this machine, in a module of its own: their built-in table is long, and few runs need a name. */
export function servicesOf({ system }: Io): Services {
  return createSystemServices(() => system.readText('/etc/services'))
}
