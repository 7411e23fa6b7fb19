import { describe, expect, it } from 'vitest'
import { popularPorts } from '../src/grammar/popularity.ts'
import { POPULAR_PORTS } from '../src/grammar/popularity-table.ts'

describe.each(['tcp', 'udp'] as const)('the popular ports of %s', (protocol) => {
  it('are more than a thousand of our own table, each once, each a port', () => {
    const ports = popularPorts(protocol)
    expect(new Set(ports).size).toBe(ports.length)
    expect(ports.every((port) => Number.isInteger(port) && port >= 1 && port <= 65_535)).toBe(true)
    const own = POPULAR_PORTS[protocol].trim().split(/\s+/)
    expect(own.every((item) => /^\d+(-\d+)?$/.test(item))).toBe(true)
    const sizes = own.map((item) => item.split('-').map(Number)).map(([from = 0, to = from]) => to - from + 1)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(1)
    expect(sizes.reduce((sum, size) => sum + size)).toBeGreaterThan(1000)
    expect(ports.length).toBeGreaterThan(1100)
  })
})

it('the ports that nearly every scan is about are among the first hundred', () => {
  const first = popularPorts('tcp').slice(0, 100)
  const usual = [
    21, 22, 23, 25, 53, 80, 110, 111, 135, 139, 143, 443, 445, 993, 3306, 3389, 5432, 5900, 8080, 8443,
  ]
  expect(usual.filter((port) => !first.includes(port))).toEqual([])
  const datagrams = [53, 67, 69, 123, 137, 161, 500, 514, 1194, 1900, 5060, 5353, 51_820]
  expect(datagrams.filter((port) => !popularPorts('udp').slice(0, 100).includes(port))).toEqual([])
})
