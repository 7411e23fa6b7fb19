import { clip } from '../../model/clip.ts'

/** What a Server or User-Agent field says. */
export interface Software {
  readonly product?: string | undefined
  readonly version?: string | undefined
  readonly os?: string | undefined
}

/** Systems that stand in comments: `Apache/2.4.57 (Debian)`. */
const SYSTEM =
  /^(?:debian|ubuntu|raspbian|devuan|centos|red ?hat|rhel|fedora|rocky|almalinux|oracle linux|amazon|alpine|arch|gentoo|s?use|opensuse|unix|linux|freebsd|openbsd|netbsd|win32|win64|windows|darwin|macos|mac os|cygwin|synology|qnap)\b/i

/** Software as RFC 9110 section 10.2.4 writes it, product/version and comments; and as some others do. */
export function softwareOf(field: string): Software {
  const text = clip(field)
  // Who writes what a terminal would act upon names nothing.
  if (!/^(?:[A-Za-z]|[\p{L}\p{N}].*[A-Za-z])/u.test(text) || /[\p{Cc}\p{Bidi_Control}]/u.test(field))
    return {}
  return upnpSoftware(text) ?? bracketed(text) ?? withSystem(text)
}

/** The ways of Jetty and Kamailio: `Jetty(9.4.43.v20210629)`, `kamailio (5.6.3 (x86_64/linux))`. */
function bracketed(text: string): Software | undefined {
  const [, product, close, apart] =
    /^([^\s/()\d]+)(?:\(v?(\d+\.\d[^\s()]*)\)| \((\d+\.\d[^\s()]*) \()/.exec(text) ?? []
  return product === undefined ? undefined : { product, version: close ?? apart }
}

function withSystem(text: string): Software {
  const comment = /\(([^()]*)\)/.exec(text)?.[1]
  const os = comment !== undefined && SYSTEM.test(comment) ? comment : undefined
  return { ...named(text), ...(os === undefined ? {} : { os }) }
}

/** The first product, or a name of many words (`Oracle HTTP Server`, `mitmproxy 9.0.1`). */
function named(text: string): Software {
  const words = /^[^/(),;]*$/.test(text)
  const pattern = words ? /^(.{1,100}?)(?: v?(\d+\.[\w.+~-]*))?$/ : /^([^\s/(),;]+)(?:\/[vV]?([\w.+~:-]+))?/
  const [, product, version] = pattern.exec(text) ?? []
  if (product === undefined) return {}
  return version !== undefined && /\d/.test(version) ? { product, version } : hyphened(product)
}

/** `FPBX-16.0.40`. */
function hyphened(name: string): Software {
  const [, product, version] = /^([A-Za-z][A-Za-z_ ]{0,60})-(\d+\.\d[\w.~+]*)$/.exec(name) ?? []
  return product === undefined ? { product: name } : { product, version }
}

/** `Linux/3.10 UPnP/1.0 MiniUPnPd/2.1`: the system first, the product last (UPnP Device Architecture 1.1, section 1.3.2). */
function upnpSoftware(text: string): Software | undefined {
  const mark = /\bUPnP\/[\d.]+[,;]?\s*/i.exec(text)
  if (mark === null) return undefined
  const system = named(text.slice(0, mark.index).trim())
  const [, product, version] =
    /^([^/(),;]{1,80})(?:\/[vV]?([\w.+~:-]+))?/.exec(text.slice(mark.index + mark[0].length)) ?? []
  if (product === undefined) return system
  const os = system.version === undefined ? system.product : `${system.product} ${system.version}`
  return { product: product.trim(), version, os }
}
