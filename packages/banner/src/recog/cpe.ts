/** Part, vendor, product, version, update, edition, language, and four more that only CPE 2.3 has. */
const PARTS = 11
const VERSION = 3
const ANY = '*'
const MOST = 100
const MOST_TEMPLATE = 1000

/**
 * The CPE 2.3 name (NISTIR 7695 section 6.2) for one of Recog's, which is a CPE 2.2 URI (section 6.1) that may have
 * `{service.version}` in it; `valueNamed` gives what goes there, part by part, so that no value becomes two parts. A version
 * that is not `told` is left open, as is what is not known. undefined for what is no such URI.
 */
export function cpeOf(
  template: string,
  valueNamed: (name: string) => string | undefined,
  told: (version: string) => boolean,
): string | undefined {
  if (template.length > MOST_TEMPLATE || !/^cpe:\/[aho]:/i.test(template)) return undefined
  const parts = template.slice('cpe:/'.length).split(/:(?![^{}]*\})/)
  if (parts.length > 7) return undefined
  const components = parts.map((part) => component(part, valueNamed))
  const version = components[VERSION]
  // Recog has `-` for a version that it does not know, where CPE has it for a product without versions.
  if (version === '-' || (version !== undefined && !told(version))) components[VERSION] = ANY
  return ['cpe:2.3', ...Array.from({ length: PARTS }, (_, at) => bound(components[at] ?? ANY))].join(':')
}

/** The plain text of a part, lower case; `*` where it is not known, or where something in it is not. */
function component(part: string, valueNamed: (name: string) => string | undefined): string {
  let isKnown = true
  const text = decoded(part).replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = valueNamed(name)
    isKnown &&= value !== undefined && value !== ''
    return value ?? ''
  })
  return text === '' || !isKnown || text.length > MOST ? ANY : text.toLowerCase()
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

/** NISTIR 7695 section 6.2: letters, digits, `_`, `-` and `.` as they are, other ASCII after a backslash, blanks as `_`. */
function bound(text: string): string {
  if (text === ANY || text === '-') return text
  const ascii = text.replace(/\s+/g, '_')
  if (!/^[!-~]+$/.test(ascii)) return ANY
  return ascii.replace(/[^\w.-]/g, '\\$&')
}
