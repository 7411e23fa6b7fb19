import { clip } from '../../model/clip.ts'
import type { Service } from '../../model/service.ts'
import { splitVersion } from '../kit/products.ts'

/** Names that are usually written otherwise. */
const NAMES: Readonly<Record<string, string>> = {
  dropbear: 'Dropbear',
  OpenSSH_for_Windows: 'OpenSSH for Windows',
  Cisco: 'Cisco SSH',
  Go: 'Go x/crypto/ssh',
  ROSSSH: 'MikroTik RouterOS',
  tinyssh: 'TinySSH',
  Sun_SSH: 'Sun SSH',
  paramiko: 'Paramiko',
}

const SYSTEM = /\b(Debian|Ubuntu|Raspbian|FreeBSD|NetBSD|DragonFly|Trisquel|Windows)\b/

/** It stands among the comments, behind a version that stands first. */
const BITVISE = /\bBitvise SSH Server\b/

/**
 * What the text behind `SSH-2.0-` tells: `OpenSSH_9.2p1 Debian-2+deb12u3`, software and comments (RFC 4253 section 4.2).
 * The usual form is name, `_` or `-`, version.
 */
export function softwareIn(text: string): Pick<Service, 'product' | 'version' | 'os'> {
  const blank = text.indexOf(' ')
  const software = clip(blank < 0 ? text : text.slice(0, blank))
  const comment = blank < 0 ? '' : text.slice(blank + 1, blank + 256)
  if (BITVISE.test(comment))
    return { product: 'Bitvise SSH Server', version: /^\d[\w.]*$/.exec(software)?.[0] }
  const named = splitVersion(software)
  return {
    product: named === undefined ? undefined : (NAMES[named.product] ?? named.product),
    version: named?.version === undefined ? undefined : withoutPatches(named.version),
    os: SYSTEM.exec(comment)?.[1] ?? (/_for_Windows_/.test(software) ? 'Windows' : undefined),
  }
}

/** What the packager says, which is where a distribution's own patch level stands: `Debian-2+deb12u3`. */
export function commentIn(text: string): string {
  const blank = text.indexOf(' ')
  return blank < 0 || BITVISE.test(text) ? '' : clip(text.slice(blank + 1), 80)
}

/** `5.8p1_hpn13v11`, `9.6p1-hpn14v15`: what stands behind names patches. */
function withoutPatches(version: string): string {
  return version.replace(/[-_]hpn.*$/s, '')
}
