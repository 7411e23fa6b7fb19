import type { Family } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import type { SocketSettings } from '../socket-settings.ts'
import { OPTION, type SocketOption } from './layout.ts'
import type { Libc } from './libc.ts'
import type { SocketOptions } from './socket-options.ts'

type Name = keyof SocketSettings

interface Setting {
  readonly 4: SocketOption
  readonly 6: SocketOption
}

const either = (option: SocketOption): Setting => ({ 4: option, 6: option })

/** In the order of nc, so that of several impossible settings the same one is named. */
const SETTINGS = {
  broadcast: either(OPTION.broadcast),
  md5Key: either(OPTION.md5),
  debug: either(OPTION.debug),
  tos: { 4: OPTION.tos, 6: OPTION.trafficClass },
  receiveBuffer: either(OPTION.receiveBuffer),
  sendBuffer: either(OPTION.sendBuffer),
  ttl: { 4: OPTION.ttl, 6: OPTION.hopLimit },
  minTtl: { 4: OPTION.minTtl, 6: OPTION.minHopLimit },
} as const satisfies Record<Name, Setting>

const NAMES = Object.keys(SETTINGS) as readonly Name[]

/**
 * Makes a socket's settings; those that are undefined or false are left alone (socket(7), ip(7), ipv6(7), RFC 5082,
 * RFC 2385). An MD5 key counts for every peer. @throws LocalFault whose `about` is the setting's name
 */
export function applySettings(
  libc: Libc,
  options: SocketOptions,
  fd: number,
  family: Family,
  settings: SocketSettings,
): void {
  for (const name of NAMES) {
    const value = settings[name]
    if (value === undefined || value === false) continue
    const done =
      typeof value === 'string'
        ? options.setMd5Key(fd, family, value)
        : options.setNumber(fd, SETTINGS[name][family], Number(value))
    // A key is a secret, so its value is never shown.
    const what = typeof value === 'number' ? `${name} ${value}` : name
    if (!done) throw localFault(libc.errno(), what, name)
  }
}
