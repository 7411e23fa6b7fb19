import type { Clock } from '../io/io.ts'
import { type Address, type Endpoint, formatEndpoint } from '../model/target.ts'
import type { PeerLogs } from './sim-log.ts'
import { type PeerScript, playPeer } from './sim-peer.ts'
import type { Behaviour, PortBehaviours } from './sim-ports.ts'
import { type SimStream, streamPair } from './sim-stream.ts'

/** Lets scripted peers play over their ends of connections. */
export interface PeerPlayer {
  /** `name` is the log that the peer writes to, `opening` its first line where it logs its steps. */
  play(name: string, script: PeerScript, stream: SimStream, opening?: 'accept' | 'connected'): void
}

export function peerPlayer(
  behaviourOf: PortBehaviours,
  clock: Clock,
  logs: PeerLogs,
  resolve: (host: string) => Promise<readonly Address[]>,
): PeerPlayer {
  const dial = async (to: Endpoint): Promise<SimStream | string> => {
    const found = await resolve(to.address).catch(() => [])
    const address = found[0]?.address
    if (address === undefined) return 'ENOTFOUND'
    const port = { address, port: to.port }
    const behaviour = behaviourOf(port)
    if (behaviour.does === 'fault') return behaviour.code
    await clock.sleep(behaviour.does === 'drop' ? GIVE_UP_MS : behaviour.afterMs)
    if (behaviour.does !== 'accept' || behaviour.reset) return failureOf(behaviour)
    const [near, far] = streamPair(clock, PROXY, port, behaviour.wire)
    player.play(formatEndpoint(port), behaviour.peer ?? { kind: 'greeting', text: '' }, far)
    return near
  }
  const player: PeerPlayer = {
    play(name, script, stream, opening = 'accept') {
      void playPeer(script, stream, { clock, dial, opening, log: (line) => logs.add(name, line) })
    },
  }
  return player
}

/** Where simulated proxies connect from. */
const PROXY: Endpoint = { address: '10.0.0.254', port: 50_000 }

/** Linux stops trying to connect after 6 SYNs sent again (tcp(7), tcp_syn_retries). */
const GIVE_UP_MS = 127_000

function failureOf(behaviour: Exclude<Behaviour, { does: 'fault' }>): string {
  if (behaviour.does === 'accept') return 'ECONNRESET'
  if (behaviour.does === 'refuse') return 'ECONNREFUSED'
  if (behaviour.does === 'drop') return 'ETIMEDOUT'
  return behaviour.does === 'unreachable' ? behaviour.code : 'EHOSTUNREACH'
}
