import { isIPv4 } from 'node:net'

/**
 * The text of an address of 4 or 16 octets; IPv6 as RFC 5952 wants it.
 * @param {Buffer} bytes
 */
export function addressText(bytes) {
  if (bytes.length === 4) return bytes.join('.')
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16))
  // The WHATWG URL serializer compresses IPv6 addresses just as RFC 5952 does.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1)
}

/**
 * The octets of an address.
 * @param {string} text an address without zone
 * @throws {TypeError} when it is none
 */
export function addressBytes(text) {
  if (isIPv4(text)) return Buffer.from(text.split('.').map(Number))
  // The serializer also turns a dotted IPv4 tail into groups.
  const compressed = new URL(`http://[${text}]`).hostname.slice(1, -1)
  const [head = [], tail = []] = compressed
    .split('::')
    .map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return Buffer.from([...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join(''), 'hex')
}
