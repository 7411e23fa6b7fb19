import {
  escapeControl,
  type Family,
  type LocalFault,
  type Services,
  type SocketSettings,
  strerror,
  type Target,
} from '@portkit/core'
import type { Settings } from '../settings.ts'

/**
 * Every sentence of nc (Debian 1.219) about connections, once. Functions that end in a line end give what goes to
 * stderr as it is; the others give a message that `complaint` completes. What comes from outside is escaped.
 */

/** How messages begin, and whether names are shown. */
export type Voice = Pick<Settings, 'name' | 'numeric'>

/** What the line about an open port needs of a run. */
export interface Success {
  readonly settings: Pick<Settings, 'numeric' | 'transport'> & { readonly proxy: object | undefined }
  readonly services: Pick<Services, 'nameOf'>
}

/** `nc: message`, with a line end. */
export function complaint(name: string, message: string): string {
  return `${escapeControl(name)}: ${escapeControl(message)}\n`
}

/**
 * `Connection to db.lan (10.0.0.2) 22 port [tcp/ssh] succeeded!` The address is left out where it is what the user typed,
 * and under `-n` and through a proxy; `-n` also hides the service.
 */
export function succeeded(
  { settings, services }: Success,
  host: string,
  address: string,
  port: number,
): string {
  const { numeric, transport, proxy } = settings
  const service = numeric ? undefined : services.nameOf(port, transport)
  const shown = proxy === undefined ? place({ numeric }, host, address) : escapeControl(host)
  return `Connection to ${shown} ${port} port [${transport}/${escapeControl(service ?? '*')}] succeeded!\n`
}

function place({ numeric }: Pick<Voice, 'numeric'>, host: string, address: string): string {
  return escapeControl(numeric || host === address ? host : `${host} (${address})`)
}

/** `nc: connect to db.lan (10.0.0.2) port 22 (tcp) failed: Connection refused`; `errno` is its name. */
export function connectFailed(voice: Voice, target: Target, errno: string): string {
  return `${attempt(voice, target)} failed: ${strerror(errno)}\n`
}

/** `-w` ran out: `nc: connect to 10.0.0.2 port 22 (tcp) timed out: Operation now in progress`. */
export function connectTimedOut(voice: Voice, target: Target): string {
  return `${attempt(voice, target)} timed out: ${strerror('EINPROGRESS')}\n`
}

function attempt(voice: Voice, { host, address, port, transport }: Target): string {
  return `${escapeControl(voice.name)}: connect to ${place(voice, host, address)} port ${port} (${transport})`
}

/** An answer to a telnet request could not be sent; nc goes on. */
export function answerFailed(name: string, errno: string): string {
  return complaint(name, `Write Error!: ${strerror(errno)}`)
}

/** After some time without any answer and without `-w`, for somebody who waits at a terminal. */
export function stealthHint(name: string, port: number): string {
  return complaint(name, `port ${port} looks stealth: no answer yet; Ctrl-C ends this, -w limits it`)
}

/** `Listening on 0.0.0.0 4000`, for TCP; `Bound on 0.0.0.0 4000`, for UDP. */
export function waitsOn(how: 'Listening' | 'Bound', host: string, port: number): string {
  return `${how} on ${escapeControl(host)} ${port}\n`
}

/** The same for a UNIX socket, which is bound first and then, but for datagrams, listened on. */
export function waitsOnPath(how: 'Listening' | 'Bound', path: string): string {
  return `${how} on ${escapeControl(path)}\n`
}

/** `Connection received on localhost 50244`. */
export function received(host: string, port: number): string {
  return `Connection received on ${escapeControl(host)} ${port}\n`
}

export function receivedOnPath(path: string): string {
  return `Connection received on ${escapeControl(path)}\n`
}

type Setting = keyof SocketSettings

const SETTING_FAILED = {
  ttl: { 4: 'set IP TTL', 6: 'set IPv6 unicast hops' },
  minTtl: { 4: 'set IP min TTL', 6: 'set IPv6 min hop count' },
  tos: { 4: 'set IP ToS', 6: 'set IPv6 traffic class' },
  receiveBuffer: { 4: 'set TCP receive buffer size', 6: 'set TCP receive buffer size' },
  sendBuffer: { 4: 'set TCP send buffer size', 6: 'set TCP send buffer size' },
  debug: undefined,
  md5Key: undefined,
  broadcast: undefined,
} as const satisfies Record<Setting, Readonly<Record<Family, string>> | undefined>

/** How a user names the setting. */
const OPTION = {
  ttl: '-M',
  minTtl: '-m',
  tos: '-T',
  receiveBuffer: '-I',
  sendBuffer: '-O',
  debug: '-D',
  md5Key: '-S',
  broadcast: '-b',
} as const satisfies Record<Setting, string>

function isSetting(about: string): about is Setting {
  return Object.hasOwn(OPTION, about)
}

/**
 * What nc says when its own machine stops it: the setting that the system refused (`set IP TTL: Invalid argument`), the
 * source that a client could not have (`bind failed: Address already in use`), else the reason alone.
 */
export function localFaultMessage(fault: LocalFault, role: 'client' | 'listener', family: Family): string {
  const { about, code } = fault
  const reason = strerror(code)
  if (role === 'client' && (about === 'source' || about === 'bind')) return `bind failed: ${reason}`
  if (code === 'ENOTSUP' && about === 'unixDatagrams') return needsKoffi('-uU')
  if (about === undefined || !isSetting(about)) return reason
  if (code === 'ENOTSUP') return needsKoffi(OPTION[about])
  const what = SETTING_FAILED[about]?.[family]
  return what === undefined ? reason : `${what}: ${reason}`
}

function needsKoffi(option: string): string {
  return `${option} needs Linux and the optional package koffi`
}
