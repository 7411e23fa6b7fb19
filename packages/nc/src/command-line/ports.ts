import { type Services, type Transport, UsageError } from '@portkit/core'
import { readInteger, strtonum } from './dialect.ts'

/** Whatever knows the ports of services by their exact names, as getservbyname(3) does. */
export type ServicePorts = Pick<Services, 'portOf'>

const HIGHEST_PORT = 65_535
/** A command line could ask for thousands of millions of them. */
const MOST_PORTS = 2 ** 20

interface Range {
  readonly from: number
  readonly to: number
}

/**
 * The ports to connect to, in order, repetitions included. An operand is the exact name of a service of that transport,
 * a range of numbers (reversed ones are put in order) when it begins with a digit, or a number.
 * @throws UsageError in the words of nc, naming the part at fault
 */
export function parsePortList(
  operands: readonly string[],
  transport: Transport,
  services: ServicePorts,
): number[] {
  const ports: number[] = []
  for (const operand of operands) {
    const { from, to } = parseOperand(operand, transport, services)
    if (ports.length + to - from >= MOST_PORTS)
      throw new UsageError(`too many ports: more than ${MOST_PORTS}`)
    for (let port = from; port <= to; port += 1) ports.push(port)
  }
  return ports
}

function parseOperand(operand: string, transport: Transport, services: ServicePorts): Range {
  // A name has a letter: for numbers nobody need read /etc/services.
  const service = /[a-z]/i.test(operand) ? services.portOf(operand, transport) : undefined
  if (service !== undefined) return { from: service, to: service }
  const dash = /^\d/.test(operand) ? operand.indexOf('-') : -1
  if (dash === -1) {
    const port = portNumber(operand)
    return { from: port, to: port }
  }
  // nc reads the upper end first, so of two bad ends that one is named.
  const end = portNumber(operand.slice(dash + 1))
  const start = portNumber(operand.slice(0, dash))
  return { from: Math.min(start, end), to: Math.max(start, end) }
}

function portNumber(text: string): number {
  const port = strtonum(text, 1, HIGHEST_PORT)
  if (typeof port === 'string') throw new UsageError(`port number ${port}: ${text}`)
  return port
}

const MOST_ULONG = 2n ** 64n - 1n
/** More digits are as good as these: they are beyond any unsigned long. */
const MOST_DIGITS = 20

/**
 * A port as getaddrinfo(3) of glibc reads a service: a number modulo 65536, or the exact name of a service; empty is
 * 0. undefined for anything else, which is `Servname not supported for ai_socktype`.
 */
export function servicePort(text: string, transport: Transport, services: ServicePorts): number | undefined {
  if (text === '') return 0
  const number = strtoul(text)
  return number !== undefined && number >= 0 ? number & HIGHEST_PORT : services.portOf(text, transport)
}

/** strtoul(3) assigned to an int. undefined when that is not the whole text. */
function strtoul(text: string): number | undefined {
  const integer = readInteger(text)
  if (integer === undefined) return undefined
  const size = BigInt(integer.digits.slice(0, MOST_DIGITS + 1))
  const value = size > MOST_ULONG ? MOST_ULONG : integer.isNegative ? -size : size
  return Number(BigInt.asIntN(32, value))
}

/** A random whole number from 0 up to, but not including, `below`. */
export type RandomBelow = (below: number) => number

/** The same ports in another order, all orders being equally likely (Fisher-Yates). */
export function shufflePorts(ports: readonly number[], random: RandomBelow): number[] {
  const shuffled = [...ports]
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random(last + 1)
    const port = shuffled[last] ?? 0
    shuffled[last] = shuffled[other] ?? 0
    shuffled[other] = port
  }
  return shuffled
}
