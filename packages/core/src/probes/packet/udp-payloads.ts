/**
 * The usual question to a service over UDP: one that does no more than ask, to which its servers answer whoever asks.
 * Written after the standards that are named. Servers that answer from another port (TFTP) have none, for such an
 * answer belongs to no probe.
 */

/** The longest of them in octets. */
export const MOST_UDP_PAYLOAD = 1200

/** The usual question of the service whose port it is; undefined where there is none. Always the same array. */
export function udpPayload(port: number): Uint8Array | undefined {
  const known = made.get(port)
  if (known !== undefined) return known
  const payload = QUESTIONS[port]?.()
  if (payload !== undefined) made.set(port, payload)
  return payload
}

const made = new Map<number, Uint8Array>()

/** The ports that there is a question for, ascending. */
export function udpPayloadPorts(): readonly number[] {
  return Object.keys(QUESTIONS).map(Number)
}

/** Octets in hexadecimal; blanks show the fields. */
function hex(text: string): Uint8Array {
  const digits = text.replaceAll(' ', '')
  return Uint8Array.from({ length: digits.length / 2 }, (_, i) =>
    Number.parseInt(digits.slice(2 * i, 2 * i + 2), 16),
  )
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** Lines as SIP and SSDP have them, and the empty one at the end. */
function lines(...each: readonly string[]): Uint8Array {
  return ascii(`${each.join('\r\n')}\r\n\r\n`)
}

/** Who serves the root (RFC 1035 section 4): recursion desired, one question. */
const dns = (): Uint8Array => hex('706b 0100 0001 0000 0000 0000  00 0002 0001')

/** Which services there are (RFC 6763 section 9), the answer to come back to the asker alone (RFC 6762 section 5.4). */
function mdns(): Uint8Array {
  const labels = ['_services', '_dns-sd', '_udp', 'local'].map((label) =>
    joined(Uint8Array.of(label.length), ascii(label)),
  )
  return joined(hex('0000 0000 0001 0000 0000 0000'), ...labels, hex('00 000c 8001'))
}

/** A client's request, version 4 (RFC 5905 section 7.3). */
const ntp = (): Uint8Array => joined(hex('e3000afa'), new Uint8Array(36), hex('706f72746b697400'))

/** GetRequest for sysDescr.0, version 1, community `public` (RFC 1157 section 4.1.2, RFC 1213). */
const snmp = (): Uint8Array =>
  joined(
    hex('3029 020100 0406'),
    ascii('public'),
    hex('a01c 0204706f7274 020100 020100 300e 300c 06082b06010201010100 0500'),
  )

/** The call of a program's procedure 0, which does nothing (RFC 5531 sections 9 and 12.1). */
const rpcNull = (program: string, version: string) => (): Uint8Array =>
  hex(`706f7274 00000000 00000002 ${program} ${version} 00000000 00000000 00000000 00000000 00000000`)

/** Node status of any name (RFC 1002 section 4.2.17): `*` and zeros, two letters for each octet (RFC 1001 section 14.1). */
const netbios = (): Uint8Array =>
  joined(hex('706b 0000 0001 0000 0000 0000 20'), ascii(`CK${'A'.repeat(30)}`), hex('00 0021 0001'))

/** A search of the root object for nothing but that it is there (RFC 1798, RFC 4511 section 4.5.1). */
const cldap = (): Uint8Array =>
  joined(
    hex('3025 020101 6320 0400 0a0100 0a0100 020100 020100 010100 870b'),
    ascii('objectClass'),
    hex('3000'),
  )

/** An IKE header of major version 3: who speaks an older one says so (RFC 7296 sections 2.5 and 3.1). */
const ike = (): Uint8Array => hex('706f72746b697431 0000000000000000 00 30 22 08 00000000 0000001c')

/** A packet of a version that is reserved for this, padded: the server lists its own (RFC 9000 sections 6 and 15). */
function quic(): Uint8Array {
  const packet = new Uint8Array(MOST_UDP_PAYLOAD)
  // Like an Initial from here on: no token, and a length of what is left.
  packet.set(hex('c0 1a2a3a4a 08 706f72746b697431 08 706f72746b697432 00 4496'))
  return packet
}

/** All of a router's routes (RFC 2453 section 3.9.1). */
const rip = (): Uint8Array => hex('01 02 0000  0000 0000 00000000 00000000 00000000 00000010')

/** A device's description of itself (UPnP Device Architecture 2.0 section 1.3.2). */
const ssdp = (): Uint8Array =>
  lines(
    'M-SEARCH * HTTP/1.1',
    'HOST: 239.255.255.250:1900',
    'MAN: "ssdp:discover"',
    'MX: 1',
    'ST: upnp:rootdevice',
  )

/** What a server can do (RFC 3261 section 11); `rport` has the answer come back to where the question came from. */
const sip = (): Uint8Array =>
  lines(
    'OPTIONS sip:portkit.invalid SIP/2.0',
    'Via: SIP/2.0/UDP portkit.invalid;branch=z9hG4bKportkit;rport',
    'From: <sip:portkit.invalid>;tag=portkit',
    'To: <sip:portkit.invalid>',
    'Call-ID: portkit',
    'CSeq: 1 OPTIONS',
    'Max-Forwards: 0',
    'Contact: <sip:portkit.invalid>',
    'Content-Length: 0',
  )

/** A binding request (RFC 8489 section 5). */
const stun = (): Uint8Array => hex('0001 0000 2112a442 706f72746b6974706f72746b')

/** GET of `.well-known/core` (RFC 7252 section 3, RFC 6690 section 4). */
const coap = (): Uint8Array => joined(hex('40 01 706b bb'), ascii('.well-known'), hex('04'), ascii('core'))

/** `version` in a frame of its own (memcached's protocol.txt, "UDP protocol"). */
const memcached = (): Uint8Array => joined(hex('706b 0000 0001 0000'), ascii('version\r\n'))

/** The beginning of a session with its own number (openvpn's protocol: P_CONTROL_HARD_RESET_CLIENT_V2). */
const openvpn = (): Uint8Array => hex('38 706f72746b697431 00 00000000')

/** A query to a display manager without authentication (X Display Manager Control Protocol 1.1). */
const xdmcp = (): Uint8Array => hex('0001 0002 0001 00')

/** RMCP presence ping (ASF specification 2.0 section 3.2.4.3). */
const rmcp = (): Uint8Array => hex('06 00 ff 06 000011be 80 00 00 00')

/** The public address of a gateway (RFC 6886 section 3.2). */
const natPmp = (): Uint8Array => hex('00 00')

/** Which instances there are (MC-SQLR section 2.2.2). */
const sqlBrowser = (): Uint8Array => hex('03')

/** A node's ping (BitTorrent BEP 5). */
const dht = (): Uint8Array => ascii('d1:ad2:id20:portkitportkitportkie1:q4:ping1:t2:pk1:y1:qe')

/** An echo request with a sequence number (3GPP TS 29.060 section 7.2.1). */
const gtp = (): Uint8Array => hex('32 01 0004 00000000 0000 00 00')

/** A game server's description (A2S_INFO). */
const sourceEngine = (): Uint8Array => joined(hex('ffffffff'), ascii('TSource Engine Query'), hex('00'))

const QUESTIONS: Readonly<Record<number, () => Uint8Array>> = {
  53: dns,
  111: rpcNull('000186a0', '00000002'),
  123: ntp,
  137: netbios,
  161: snmp,
  177: xdmcp,
  389: cldap,
  443: quic,
  500: ike,
  520: rip,
  623: rmcp,
  853: quic,
  1194: openvpn,
  1434: sqlBrowser,
  1900: ssdp,
  2049: rpcNull('000186a3', '00000003'),
  2123: gtp,
  2152: gtp,
  3478: stun,
  // Four zeros tell IKE from ESP there (RFC 3948 section 2.2).
  4500: () => joined(new Uint8Array(4), ike()),
  5060: sip,
  5351: natPmp,
  5353: mdns,
  5683: coap,
  6881: dht,
  11211: memcached,
  19302: stun,
  27015: sourceEngine,
}
