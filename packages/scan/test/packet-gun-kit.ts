import type { LocalFault } from '@portkit/core'
import { type SimIo, STILL_RUNNING, simIo, type World } from '@portkit/core/sim'
import type { Hit } from '../src/guns/gun.ts'
import { openPacketGun, type PacketGun, type PacketGunOptions } from '../src/guns/packet-gun.ts'

export const PLAIN = { badSum: false } as const
export const THERE = '10.0.0.2'

/** A copy of a hit, which is valid during the call only. */
export type Heard = Hit

export interface Shots {
  readonly heard: readonly Heard[]
  readonly refused: readonly { readonly host: number; readonly port: number; readonly fault: LocalFault }[]
}

export function gunWorld(more: Partial<World> = {}): SimIo {
  return simIo({ ports: {}, ...more })
}

/** A gun for hosts and ports of a simulated world. */
export function gunIn(
  io: SimIo,
  hosts: readonly string[],
  ports: readonly number[],
  more: Partial<PacketGunOptions> = {},
): Promise<PacketGun> {
  const group = {
    hosts: hosts.map((address) => ({ address, family: address.includes(':') ? (6 as const) : (4 as const) })),
    ports: Uint16Array.from(ports),
  }
  return openPacketGun({ kind: 'syn', group, io, source: PLAIN, ...more })
}

/** Asks every port of every host once, and hears until nothing can happen any more. */
export async function askAll(
  io: SimIo,
  gun: PacketGun,
  hosts: number,
  ports: number,
  pass = 0,
): Promise<Shots> {
  const refused: { host: number; port: number; fault: LocalFault }[] = []
  const flush = (): number | Promise<number> =>
    gun.flush((host, port, _pass, fault) => refused.push({ host, port, fault }))
  for (let place = 0; place < hosts * ports; place += 1) {
    const [host, port] = [Math.floor(place / ports), place % ports]
    let outcome = gun.fire(host, port, pass)
    if (outcome === 'full') {
      await flush()
      outcome = gun.fire(host, port, pass)
    }
    if (outcome !== undefined && outcome !== 'full') refused.push({ host, port, fault: outcome })
  }
  await flush()
  await settle(io)
  return { heard: heardBy(gun), refused }
}

/** All that has come. */
export function heardBy(gun: PacketGun): readonly Heard[] {
  const heard: Heard[] = []
  gun.collect((hit) => heard.push({ ...hit }))
  return heard
}

/** Until the world has come to rest. */
export async function settle(io: SimIo): Promise<void> {
  await io.runUntilIdle(new Promise<void>(() => {}))
}

export async function inTime<T>(io: SimIo, work: Promise<T>): Promise<T> {
  const outcome = await io.runUntilIdle(work)
  if (outcome === STILL_RUNNING) throw new Error('it does not end')
  return outcome
}
