import type { Reader } from '../../dialogue/dialogue.ts'
import { clip } from '../../model/clip.ts'
import { peerText } from '../../model/peer-text.ts'
import type { ProbeContext, Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

/** MQTT 3.1.1 section 2.2.1: control packets, with the flags that they have here. */
const PACKET = {
  connect: 0x10,
  connectAck: 0x20,
  publish: 0x30,
  subscribe: 0x82,
  ping: 0xc0,
  pingAnswer: 0xd0,
  disconnect: 0xe0,
} as const

/** Section 3.2.2.3: what a broker says to a connection without a name and a password. */
const RETURN_CODES = [
  'lets everybody in',
  'refuses this version of the protocol',
  'refuses the client identifier',
  'is not available',
  'needs a password',
  'does not let everybody in',
] as const

const LEVEL_3_1_1 = 4
const CLEAN_SESSION = 2
const KEEP_ALIVE_S = 60
const VERSION_TOPIC = '$SYS/broker/version'
const MOST = 8192

/** MQTT. Its first answer tells no product; brokers publish their version to those that they let in. */
export const mqtt: Protocol = {
  name: 'mqtt',
  ports: { tcp: [1883] },
  tlsPorts: [8883],
  probe: connect,
  detect(octets, { asked, ended }) {
    // Four octets of which none is rare are a proof only as the answer to CONNECT.
    if (asked !== 'mqtt') return undefined
    const [, , flags = 0, code = 0] = octets
    if (hasAt(octets, 0, [PACKET.connectAck, 2]) === false || flags > 1) return undefined
    const info = RETURN_CODES[code]
    if (info === undefined) return undefined
    if (octets.length < 4) return ended ? undefined : 'more'
    return { protocol: 'mqtt', info }
  },
  async ask(service, dialogue) {
    if (service.info !== RETURN_CODES[0]) return service
    await dialogue.receive(packet)
    // The answer to a ping ends the waiting for a version that not every broker publishes.
    await dialogue.send(concat(subscribe(VERSION_TOPIC), Uint8Array.of(PACKET.ping, 0)))
    const version = await dialogue.receive(published)
    await dialogue.send(Uint8Array.of(PACKET.disconnect, 0))
    return version === undefined ? service : { ...service, ...named(version) }
  },
}

/** Section 1.5.3: text with its length in two octets. */
function text(value: string): Uint8Array {
  const octets = new TextEncoder().encode(value)
  return concat(bigEndian([[octets.length, 2]]), octets)
}

/** Brokers end a session as soon as another one comes with the same identifier (section 3.1.4), so each has its own. */
function connect({ random }: Pick<ProbeContext, 'random'>): Uint8Array {
  const identifier = `portkit${random().toString(16).padStart(8, '0')}`
  const head = bigEndian([
    [LEVEL_3_1_1, 1],
    [CLEAN_SESSION, 1],
    [KEEP_ALIVE_S, 2],
  ])
  const body = concat(text('MQTT'), head, text(identifier))
  return concat(Uint8Array.of(PACKET.connect, body.length), body)
}

function subscribe(topic: string): Uint8Array {
  const body = concat(bigEndian([[1, 2]]), text(topic), Uint8Array.of(0))
  return concat(Uint8Array.of(PACKET.subscribe, body.length), body)
}

interface Packet {
  readonly type: number
  readonly body: Uint8Array
}

/** One control packet, with a length of at most two octets (section 2.2.3). */
const packet: Reader<Packet> = (octets) => {
  const [type = 0, low = 0, high = 0] = octets
  const isLong = low >= 0x80
  if (octets.length < (isLong ? 3 : 2)) return 'more'
  const from = isLong ? 3 : 2
  const length = from + (isLong ? (low & 0x7f) + high * 0x80 : low)
  if (high >= 0x80 && isLong) return undefined
  return octets.length < length ? 'more' : { value: { type, body: octets.slice(from, length) }, length }
}

/** What was published as the version; empty where the answer to the ping came first. */
const published: Reader<string> = (octets) => {
  for (let at = 0; at < MOST; ) {
    const next = packet(octets.subarray(at), false)
    if (next === undefined || next === 'more') return next
    at += next.length
    const { type, body } = next.value
    if (type === PACKET.pingAnswer) return { value: '', length: at }
    const length = read16(body, 0)
    const isVersion =
      (type & 0xf6) === PACKET.publish && peerText(body.subarray(2, 2 + length)) === VERSION_TOPIC
    if (isVersion) return { value: clip(peerText(body.subarray(2 + length))), length: at }
  }
  return undefined
}

/** `mosquitto version 2.0.11`. */
function named(version: string): Partial<Service> {
  const [, product, number] = /^([A-Za-z][\w-]{0,40}) (?:version )?v?(\d\S{0,60})/.exec(version) ?? []
  if (product !== undefined && number !== undefined) return { product, version: number }
  return /^\d\S{0,60}$/.test(version) ? { version } : {}
}
