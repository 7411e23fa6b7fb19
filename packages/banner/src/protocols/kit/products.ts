/** How a product names itself; the first group of the expression, if any, is its version. */
export interface ProductRule {
  readonly product: string
  readonly says: RegExp
}

export interface Named {
  readonly product: string
  readonly version: string | undefined
}

/** Characters that are looked at. */
const MOST = 400

/** The product that a text names, with the version that stands beside it. The first rule that fits counts. */
export function productIn(rules: readonly ProductRule[], text: string): Named | undefined {
  const part = text.slice(0, MOST)
  for (const { product, says } of rules) {
    const match = says.exec(part)
    if (match !== null) return { product, version: match[1] }
  }
  return undefined
}

/** `ngircd-26.1`, `OpenSSH_9.2p1`, `mod_sftp/1.0`: the name before the first separator that a digit follows, and the rest. */
export function splitVersion(software: string): Named | undefined {
  if (!/^[a-z]/i.test(software)) return undefined
  const at = software.search(/[-_/ ]v?\d/i)
  if (at < 0) return { product: software, version: undefined }
  return { product: software.slice(0, at), version: software.slice(at + 1).replace(/^v/i, '') }
}

const SYSTEM =
  /[(/-](Debian|Ubuntu|Raspbian|FreeBSD|NetBSD|OpenBSD|Fedora|CentOS|Rocky|Gentoo|SUSE|Alpine|macOS|Windows)\b(?![\w-]{0,60}(?:\.[a-z]|>))/i

/** The system named in brackets or behind a version (`(Debian/GNU)`, `8.15.2/Debian-22`), but not in a host's name. */
export function systemIn(text: string): string | undefined {
  return SYSTEM.exec(text.slice(0, MOST))?.[1]
}
