/**
 * What nping would print if it sent what it was asked to send: reports of several probes, put together from the lines
 * that its runs of one probe were recorded with.
 */

export interface Exchange {
  readonly host: string
  readonly sent: string
  readonly sentOctets: number
  /** undefined: nothing came back. */
  readonly received: string | undefined
  readonly receivedOctets: number
}

const OWN = '10.77.0.1'
const NUMBERS = 'RTTms'
const RTTS = `Max rtt: ${NUMBERS} | Min rtt: ${NUMBERS} | Avg rtt: ${NUMBERS}`
const NO_RTTS = 'Max rtt: N/A | Min rtt: N/A | Avg rtt: N/A'

const PROHIBITED = 'Communication administratively prohibited by filtering (type=3/code=13)'
const SILENT_PORT = 137
const PROHIBITED_PORT = 8

/** A SYN and what port 22, 80, 137, 8 or another one does (`lab/src/nping-world.mjs`). */
export function synExchange(host: string, port: number, ttl = 64): Exchange {
  const sent = `SENT (TIME) TCP ${OWN}:PORT > ${host}:${port} S ttl=${ttl} id=ID iplen=40  seq=SEQ win=1480 `
  const back = (flags: string, octets: number, rest: string): string =>
    `RCVD (TIME) TCP ${host}:${port} > ${OWN}:PORT ${flags} ttl=${host.startsWith('10.79.') ? 62 : 64} id=0 iplen=${octets}  seq=SEQ ${rest}`
  const base = { host, sent, sentOctets: 40 }
  if (port === SILENT_PORT) return { ...base, received: undefined, receivedOctets: 0 }
  if (port === PROHIBITED_PORT) return { ...base, ...icmpError(host, PROHIBITED, 64, 68) }
  if (port === 22 || port === 80)
    return { ...base, received: back('SA', 44, 'win=64240 <mss 1460>'), receivedOctets: 44 }
  return { ...base, received: back('RA', 40, 'win=0 '), receivedOctets: 40 }
}

/** An empty datagram to the echo service. */
export function echoExchange(host: string): Exchange {
  return {
    host,
    sent: `SENT (TIME) UDP ${OWN}:53 > ${host}:7 ttl=64 id=ID iplen=28 `,
    sentOctets: 28,
    received: `RCVD (TIME) UDP ${host}:7 > ${OWN}:53 ttl=64 id=ID iplen=28 `,
    receivedOctets: 28,
  }
}

/** An echo request and its answer. */
export function pingExchange(host: string, seq: number, ttl = 64): Exchange {
  const back = host.startsWith('10.79.') ? 62 : 64
  return {
    host,
    sent: `SENT (TIME) ICMP [${OWN} > ${host} Echo request (type=8/code=0) id=ID seq=${seq}] IP [ttl=${ttl} id=ID iplen=28 ]`,
    sentOctets: 28,
    received: `RCVD (TIME) ICMP [${host} > ${OWN} Echo reply (type=0/code=0) id=ID seq=${seq}] IP [ttl=${back} id=ID iplen=28 ]`,
    receivedOctets: 28,
  }
}

/** The same probe, when a router on the way says that its time is up. */
export function expired(exchange: Exchange, router: string, ttl: number): Exchange {
  const octets = exchange.sentOctets + 28
  return { ...exchange, ...icmpError(router, 'TTL=0 during transit (type=11/code=0)', ttl, octets) }
}

function icmpError(from: string, words: string, ttl: number, octets: number) {
  return {
    received: `RCVD (TIME) ICMP [${from} > ${OWN} ${words} ] IP [ttl=${ttl} id=ID iplen=${octets} ]`,
    receivedOctets: octets,
  }
}

/** The whole report at verbosity 0, with the block of every target where there are several. */
export function composed(exchanges: readonly Exchange[]): readonly string[] {
  const hosts = [...new Set(exchanges.map(({ host }) => host))]
  const of = (host: string): readonly Exchange[] => exchanges.filter((each) => each.host === host)
  const done = hosts.length === 1 ? '1 IP address pinged' : `${hosts.length} IP addresses pinged`
  return [
    '',
    'Starting NAME at DATE',
    ...exchanges.flatMap(({ sent, received }) => [sent, ...(received === undefined ? [] : [received])]),
    ' ',
    ...(hosts.length === 1 ? [rtts(exchanges)] : hosts.flatMap((host) => blockOf(host, of(host)))),
    totals(exchanges),
    `NAME done: ${done} in TIME seconds`,
  ]
}

function blockOf(host: string, exchanges: readonly Exchange[]): readonly string[] {
  const { sent, received, lost, share } = counted(exchanges)
  return [
    `Statistics for host ${host}:`,
    ` |  Probes Sent: ${sent} | Rcvd: ${received} | Lost: ${lost}  (${share}%)`,
    ` |_ ${rtts(exchanges)}`,
  ]
}

function rtts(exchanges: readonly Exchange[]): string {
  return exchanges.some(({ received }) => received !== undefined) ? RTTS : NO_RTTS
}

function totals(exchanges: readonly Exchange[]): string {
  const { sent, received, lost, share } = counted(exchanges)
  const octets = (key: 'sentOctets' | 'receivedOctets'): string =>
    octetsText(exchanges.reduce((sum, each) => sum + each[key], 0))
  return `Raw packets sent: ${sent} (${octets('sentOctets')}) | Rcvd: ${received} (${octets('receivedOctets')}) | Lost: ${lost} (${share}%)`
}

function octetsText(octets: number): string {
  return octets < 1000 ? `${octets}B` : `${(octets / 1000).toFixed(3)}KB`
}

function counted(exchanges: readonly Exchange[]) {
  const received = exchanges.filter((each) => each.received !== undefined).length
  const lost = exchanges.length - received
  return { sent: exchanges.length, received, lost, share: ((lost / exchanges.length) * 100).toFixed(2) }
}
