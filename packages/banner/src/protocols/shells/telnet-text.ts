import { clip } from '../../model/clip.ts'
import type { Service } from '../../model/service.ts'
import { type ProductRule, productIn } from '../kit/products.ts'

const RULES: readonly ProductRule[] = [
  { product: 'MikroTik RouterOS', says: /\bMikroTik v(\d[\w.]*)/ },
  { product: 'Microsoft Telnet Service', says: /\bMicrosoft Telnet Se(?:rvice|rver)\b/ },
  { product: 'OpenWrt', says: /\bOpenWrt\b(?: (\d[\w.]*))?/ },
  { product: 'BusyBox', says: /\bBusyBox v(\d[\w.]*)/ },
  { product: 'Huawei VRP', says: /\bVersatile Routing Platform\b/ },
  { product: 'HP JetDirect', says: /\bHP JetDirect\b/i },
]

const SYSTEM = /\b(Debian GNU\/Linux|Ubuntu|Raspbian|FreeBSD|NetBSD|OpenBSD|Fedora|CentOS|Linux)\b/

/** What the text before a login says: `Debian GNU/Linux 12`, `lab login:`. */
export function said(text: string): Pick<Service, 'product' | 'version' | 'os' | 'hostname'> {
  const os = SYSTEM.exec(text.slice(0, 1000))?.[1]
  const host = /(?:^|[\r\n])([A-Za-z0-9][\w.-]{0,80}) login:$/.exec(text.slice(-200))?.[1]
  return {
    ...productIn(RULES, text),
    os: os === 'Debian GNU/Linux' ? 'Debian' : os,
    hostname: host === undefined ? undefined : clip(host),
  }
}
