/** @type {Readonly<Record<number, string>>} */
const NAMED = { 9: '\\t', 10: '\\n', 13: '\\r', 39: "\\'", 92: '\\\\' }

/** Octets as a quoted text of printable ASCII: `'a\n\xff'`. @param {Uint8Array} octets */
export function quote(octets) {
  const parts = Array.from(
    octets,
    (octet) => NAMED[octet] ?? (octet >= 32 && octet < 127 ? String.fromCharCode(octet) : hex(octet)),
  )
  return `'${parts.join('')}'`
}

/**
 * The octets of a quoted text, with `\n`, `\r`, `\t`, `\xHH` and a backslash before what it stands for.
 * @param {string} text @returns {Buffer}
 */
export function unquote(text) {
  const inner = /^'(.*)'$/s.exec(text)?.[1] ?? text
  const named = /** @type {Record<string, string>} */ ({ n: '\n', r: '\r', t: '\t' })
  const plain = inner.replaceAll(/\\x([0-9a-f]{2})|\\(.)/g, (_, code, sign) =>
    code === undefined ? (named[sign] ?? sign) : String.fromCharCode(Number.parseInt(code, 16)),
  )
  return Buffer.from(plain, 'latin1')
}

/** @param {Uint8Array} octets */
export function hexDump(octets) {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(' ')
}

/** @param {number} octet */
function hex(octet) {
  return `\\x${octet.toString(16).padStart(2, '0')}`
}
