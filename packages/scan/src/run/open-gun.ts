import type { Gun, GunGroup } from '../guns/gun.ts'
import type { ScanKind } from '../model/scan-kind.ts'
import type { ScanKit } from './scan-kit.ts'

/** The gun for a kind of scan. Rejects with LocalFault. */
export async function openGun(kind: ScanKind, group: GunGroup, kit: ScanKit): Promise<Gun> {
  return kind === 'connect' ? connectGun(group, kit) : packetGun(kind, group, kit)
}

async function connectGun(group: GunGroup, kit: ScanKit): Promise<Gun> {
  const { openConnectGun } = await import('../guns/connect-gun.ts')
  const { settings, net, io, mostAtOnce } = kit
  const { interfaceName, address, port, ttl } = settings.source
  const gun = openConnectGun({
    net,
    clock: io.clock,
    group,
    request: { interfaceName, sourceAddress: address, sourcePort: port, ttl },
    mostAtOnce,
  })
  if (!settings.report.packetTrace) return gun
  const { tracedConnects } = await import('../guns/connect-trace.ts')
  return tracedConnects(gun, group, io.clock, kit.startNs, (text) => kit.emit({ kind: 'trace', text }))
}

/** Says how many packets there were when it is closed. */
async function packetGun(kind: Exclude<ScanKind, 'connect'>, group: GunGroup, kit: ScanKit): Promise<Gun> {
  const { openPacketGun } = await import('../guns/packet-gun.ts')
  const { settings, io, startNs } = kit
  const say = (text: string): void => kit.emit({ kind: 'trace', text })
  const trace = settings.report.packetTrace ? { startNs, say } : undefined
  const gun = await openPacketGun({ kind, group, io, source: settings.source, trace })
  const close = gun.close.bind(gun)
  let isOpen = true
  gun.close = () => {
    if (isOpen) kit.counted(gun.counts())
    isOpen = false
    close()
  }
  return gun
}
