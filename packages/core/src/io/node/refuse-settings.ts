import { LocalFault } from '../../model/errors.ts'
import type { SocketSettings } from '../socket-settings.ts'

const OF_TCP = [
  'ttl',
  'minTtl',
  'tos',
  'receiveBuffer',
  'sendBuffer',
  'debug',
  'md5Key',
] as const satisfies (keyof SocketSettings)[]

/** node:net can set none of these. @throws LocalFault ENOTSUP with the setting's name */
export function refuseSettings(settings: SocketSettings): void {
  const about = OF_TCP.find((name) => settings[name] !== undefined)
  if (about === undefined) return
  throw new LocalFault('ENOTSUP', `setting ${about} needs Linux and the optional package koffi`, about)
}
