import { type Behaviour, type PeerScript, simIo, type TlsScript, type World } from '@portkit/core/sim'
import { type Ran, toolRunner, type User, wordsOf } from '../../core/test/tool-kit.ts'
import { banner } from '../src/cli.ts'
import { type Watched, watched } from './watched-io.ts'

// Virtual time passes while a module is loaded: whatever a run loads late is here before.
import '../src/protocols/web/h2-ask.ts'
import '../src/protocols/shells/ssh-host-keys.ts'
import '../src/protocols/shells/ssh.ts'
import '../src/protocols/table.ts'
import '../src/protocols/web/http.ts'
import '../src/run/examine-udp.ts'
import '../src/run/own-match.ts'
import '../src/run/steps.ts'
import 'node:vm'
import '../src/tls/facts.ts'
import '../src/report/csv-reporter.ts'
import '../src/report/json-reporter.ts'
import '../src/report/text-reporter.ts'
import '../src/report/url-reporter.ts'
import '../src/texts.ts'

export const BANNER = toolRunner(() => banner)

/** A port where that speaks. */
export function speaks(peer: PeerScript, afterMs = 0.25): Behaviour {
  return { does: 'accept', afterMs, peer }
}

/** A port that says this unasked, and nothing else. */
export function greets(text: string | Uint8Array, afterMs = 0.25): Behaviour {
  return speaks({ kind: 'greeting', text }, afterMs)
}

/** A port that answers what begins so, and nothing else. */
export function answers(...rules: readonly (readonly [string, string | Uint8Array])[]): Behaviour {
  return speaks({ kind: 'answers', answers: rules })
}

/** A port that says nothing, and reads to the end; a handshake there never ends. */
export const SILENT: Behaviour = { does: 'accept', afterMs: 0.25 }

export const SSH = 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n'
export const HTTP = 'HTTP/1.0 200 OK\r\nServer: nginx/1.22.1\r\nContent-Length: 0\r\n\r\n'
/** A server of TLS, but for what speaks inside. */
export const TLS13 = { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } as const

type Ports = Readonly<Record<number, World['ports'][string]>>
type More = Omit<World, 'ports' | 'hosts' | 'tls'> & { readonly tls?: Readonly<Record<number, TlsScript>> }

/** A host `db.lan` at 10.0.0.2 with these ports, and whatever else there is. */
export function worldOf(ports: Ports, { tls = {}, ...more }: More = {}): World {
  const at = (port: string): string => `10.0.0.2:${port}`
  const silent = Object.entries(ports).filter(([, script]) => script === SILENT)
  const hang = silent.map(([port]) => [at(port), { does: 'hang' }] as const)
  const given = Object.entries(tls).map(([port, script]) => [at(port), script] as const)
  return {
    hosts: { 'db.lan': ['10.0.0.2'] },
    ports: Object.fromEntries(Object.entries(ports).map(([port, script]) => [at(port), script])),
    tls: Object.fromEntries([...hang, ...given]),
    ...more,
  }
}

export interface Looked extends Ran, Omit<Watched, 'io'> {}

/** Looks at `db.lan` in that world. */
export function look(words: string, world: World, user?: User): Promise<Looked> {
  return run(`db.lan ${words}`, world, user)
}

/** Runs a whole command line. */
export async function run(words: string, world: World, user?: User): Promise<Looked> {
  const { io, ...seen } = watched(simIo(world))
  const ran = await BANNER.runOn(io, wordsOf(words), user)
  return { ...ran, ...seen }
}

/** The words about a port, without its place. */
export function said({ stdout }: Pick<Ran, 'stdout'>, port: number): string | undefined {
  const line = stdout.split('\n').find((text) => new RegExp(`(^|:)${port}/`).test(text))
  return line?.replace(/^\S+ +/, '').replace(/ {2,}/g, '  ')
}
