import { type Clock, formatEndpoint } from '@portkit/core'
import type { Gun, GunGroup, Hit } from './gun.ts'

/** A connect gun that tells of each attempt as nmap's --packet-trace does. */
export function tracedConnects(
  gun: Gun,
  { hosts, ports }: GunGroup,
  clock: Clock,
  startNs: number,
  say: (text: string) => void,
): Gun {
  const tell = (host: number, port: number, what: string): void => {
    const endpoint = formatEndpoint({ address: hosts[host]?.address ?? '', port: ports[port] ?? 0 })
    say(`CONN (${((clock.nowNs() - startNs) / 1e9).toFixed(4)}s) TCP localhost > ${endpoint} => ${what}`)
  }
  const telling = (hear: (hit: Hit) => void) => (hit: Hit) => {
    tell(hit.host, hit.port, OUTCOME[hit.verdict.reason] ?? hit.verdict.reason)
    hear(hit)
  }
  return {
    room: () => gun.room(),
    fire(host, port, pass) {
      const outcome = gun.fire(host, port, pass)
      if (outcome === undefined) tell(host, port, 'Operation now in progress')
      else if (outcome !== 'full') tell(host, port, outcome.message)
      return outcome
    },
    flush: (refused) => gun.flush(refused),
    collect: (hear) => gun.collect(telling(hear)),
    expire: (waitedNs, hear) => gun.expire(waitedNs, telling(hear)),
    takeBack: (back) => gun.takeBack?.(back) ?? 0,
    ready: (ms, signal) => gun.ready(ms, signal),
    dropped: () => gun.dropped(),
    fault: () => gun.fault(),
    close: () => gun.close(),
  }
}

const OUTCOME: Readonly<Record<string, string>> = {
  'syn-ack': 'Connected',
  'conn-refused': 'Connection refused',
  reset: 'Connection refused',
  'host-unreach': 'No route to host',
  'net-unreach': 'Network is unreachable',
}
