import { parseAddress } from '@portkit/core'

/**
 * The names in node:crypto's `subjectAltName`: `DNS:db.lan, IP Address:10.0.0.2`. Names with unusual characters are in
 * quotes there, as in JSON, so that none can pass itself off as two.
 */
export function alternativeNames(text: string): readonly string[] {
  const names: string[] = []
  for (let at = 0; at < text.length; ) {
    const end = endOf(text, at)
    names.push(canonical(unquoted(text.slice(at, end))))
    at = end + ', '.length
  }
  return names
}

const IP = 'IP Address:'

/** OpenSSL writes IPv6 addresses in capitals and in full. */
function canonical(name: string): string {
  if (!name.startsWith(IP)) return name
  const address = name.slice(IP.length)
  return `${IP}${parseAddress(address)?.address ?? address}`
}

/** Where the name that begins there ends. */
function endOf(text: string, start: number): number {
  let isQuoted = false
  for (let at = start; at < text.length; at++) {
    const c = text[at]
    if (c === '"') isQuoted = !isQuoted
    else if (c === '\\' && isQuoted) at++
    else if (c === ',' && !isQuoted) return at
  }
  return text.length
}

function unquoted(name: string): string {
  const [, kind = '', quoted] = /^([^:"]*:)(".*")$/s.exec(name) ?? []
  if (quoted === undefined) return name
  try {
    return `${kind}${String(JSON.parse(quoted))}`
  } catch {
    return name
  }
}
