import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parsePortList, servicePort, shufflePorts } from '../src/command-line/ports.ts'
import { read, services, settingsOf } from './command-line-kit.ts'

const list = (...operands: readonly string[]) => parsePortList(operands, 'tcp', services)

describe('ports to connect to', () => {
  it.each([
    [['ssh'], [22]],
    [['www'], [80]],
    [['ftp-data'], [20]],
    [['imap2'], [143]],
    [['syslog'], [514]],
    [['65535'], [65_535]],
    [['022'], [22]],
    [['+22'], [22]],
    [[' 22'], [22]],
    [['000000000000000000000000004101'], [4101]],
    [['20-25'], [20, 21, 22, 23, 24, 25]],
    [['25-20'], [20, 21, 22, 23, 24, 25]],
    [['22-22'], [22]],
    [['4101-+4102'], [4101, 4102]],
    [
      ['22', '79-80', 'ssh', '111'],
      [22, 79, 80, 22, 111],
    ],
    [
      ['22', '22', '22'],
      [22, 22, 22],
    ],
  ])('%j', (operands, ports) => {
    expect(list(...operands)).toEqual(ports)
  })

  it.each([
    [['SSH'], 'invalid: SSH'],
    [['nosuchservice'], 'invalid: nosuchservice'],
    [['9fans'], 'invalid: 9fans'],
    [['0'], 'too small: 0'],
    [['65536'], 'too large: 65536'],
    [['99999'], 'too large: 99999'],
    [['--', '-1'], 'too small: -1'],
    [['22 '], 'invalid: 22 '],
    [['22abc'], 'invalid: 22abc'],
    [['0x16'], 'invalid: 0x16'],
    [['2.2'], 'invalid: 2.2'],
    [['1e2'], 'invalid: 1e2'],
    [[''], 'invalid: '],
    [['--', '-25'], 'too small: -25'],
    [['20-'], 'invalid: '],
    [['ssh-http'], 'invalid: ssh-http'],
    [['22-http'], 'invalid: http'],
    [['0-3'], 'too small: 0'],
    [['65534-65536'], 'too large: 65536'],
    [['20-22-25'], 'invalid: 22-25'],
    [['22,80'], 'invalid: 22,80'],
    [['22,80-81'], 'invalid: 22,80'],
    [['0-99999'], 'too large: 99999'],
    [['99999-0'], 'too small: 0'],
    [['+20-25'], 'invalid: +20-25'],
    [[' 20-25'], 'invalid:  20-25'],
    [['20--25'], 'too small: -25'],
    [['22', '0'], 'too small: 0'],
    [['target.lab', '22'], 'invalid: target.lab'],
    [['\u{9b}2J'], 'invalid: \\x9b2J'],
  ])('%j are refused, the part at fault is named', async (operands, said) => {
    expect(await read(['-vz', '10.77.0.2', ...operands])).toMatchObject({
      status: 1,
      err: `nc: port number ${said}\n`,
    })
  })

  it('are named as their transport has it', () => {
    expect(parsePortList(['syslog', 'echo'], 'udp', services)).toEqual([514, 7])
    expect(() => parsePortList(['ssh'], 'udp', services)).toThrow('port number invalid: ssh')
  })

  it('may be all there are, and no more than a million', () => {
    expect(list('1-65535')).toHaveLength(65_535)
    expect(list(...Array(16).fill('1-65535'))).toHaveLength(1_048_560)
    expect(() => list(...Array(17).fill('1-65535'))).toThrow('too many ports')
  })

  it('need no names to be looked up when they are numbers', () => {
    const never = {
      portOf: () => {
        throw new Error('asked')
      },
    }
    expect(parsePortList(['22', '80-81'], 'tcp', never)).toEqual([22, 80, 81])
  })
})

const port = fc.integer({ min: 1, max: 65_535 })

it('a range is all numbers between its ends, in order, whichever comes first', () => {
  fc.assert(
    fc.property(port, port, (a, b) => {
      const ports = list(`${a}-${b}`)
      const low = Math.min(a, b)
      expect(ports).toEqual(Array.from({ length: Math.abs(a - b) + 1 }, (_, i) => low + i))
    }),
    { numRuns: 30 },
  )
})

it('a list of operands is the lists of its operands, one after the other', () => {
  const operand = fc.oneof(
    port.map(String),
    fc.constantFrom('ssh', 'www', '20-22', '9-7'),
    port.map((p) => `00${p}`),
  )
  fc.assert(
    fc.property(fc.array(operand), fc.array(operand), (a, b) => {
      expect(list(...a, ...b)).toEqual([...list(...a), ...list(...b)])
    }),
  )
})

it('whatever is typed gives ports from 1 to 65535 or is refused in the words of nc', () => {
  const text = fc.oneof(fc.string(), fc.stringMatching(/^[ +-]?\d{0,6}-?[ +-]?\d{0,6}$/))
  fc.assert(
    fc.property(text, (operand) => {
      try {
        for (const one of list(operand)) expect(one >= 1 && one <= 65_535).toBe(true)
      } catch (error) {
        expect(String(error)).toMatch(/^UsageError: port number (invalid|too small|too large): /)
      }
    }),
  )
})

describe('a port to listen at, or to come from, is read by getaddrinfo(3)', () => {
  it.each([
    ['4000', 4000],
    ['0', 0],
    ['', 0],
    ['65536', 0],
    ['99999', 34_463],
    ['4294967318', 22],
    ['-18446744073709551594', 22],
    [' +22', 22],
    ['http-alt', 8080],
    ['webcache', 8080],
    ['HTTP-ALT', undefined],
    ['nosuch', undefined],
    ['4000-4010', undefined],
    ['-1', undefined],
    ['-5', undefined],
    ['2147483648', undefined],
    ['18446744073709551615', undefined],
    ['99999999999999999999', undefined],
    ['22 ', undefined],
  ])('%j', (text, expected) => {
    expect(servicePort(text, 'tcp', services)).toBe(expected)
  })

  it.each([
    ['-l', 'nosuch'],
    ['-l', '-p', 'nosuch'],
    ['-vz', '-p', 'nosuch', '10.77.0.2', '22'],
    ['-vz', '-p', '-1', 'h', '22'],
  ])('%j %j', async (...argv) => {
    const said = 'nc: getaddrinfo: Servname not supported for ai_socktype\n'
    expect(await read(argv)).toMatchObject({ status: 1, err: said })
  })

  it('and goes where it belongs', async () => {
    expect(await settingsOf('-lv', '127.0.0.1', 'http-alt')).toMatchObject({
      task: { kind: 'listen', host: '127.0.0.1', port: 8080 },
      source: undefined,
      sourcePort: undefined,
    })
    expect((await settingsOf('-l', '-s', '::1', '-p', '99999')).task).toEqual({
      kind: 'listen',
      host: '::1',
      port: 34_463,
    })
    expect((await settingsOf('-l', '4000')).task).toEqual({ kind: 'listen', host: undefined, port: 4000 })
    expect(await settingsOf('-s', 'a', '-p', '45000', 'h', '1')).toMatchObject({
      source: 'a',
      sourcePort: 45_000,
    })
    expect((await settingsOf('-p', '65536', 'h', '1')).sourcePort).toBeUndefined()
    expect((await settingsOf('-lU', '-s', 'path')).task).toEqual({ kind: 'listen-unix', path: 'path' })
    expect(await settingsOf('-uU', '-s', 'own', 'path')).toMatchObject({
      source: 'own',
      task: { path: 'path' },
    })
  })
})

describe('-r', () => {
  it('shuffles the whole list', async () => {
    const { task } = await settingsOf('-r', 'h', '1-3', '9')
    expect(task).toEqual({ kind: 'connect', host: 'h', ports: [2, 3, 9, 1] })
  })

  it('keeps every port as often as it was', () => {
    fc.assert(
      fc.property(
        fc.array(port),
        fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })),
        (ports, random) => {
          const below = (n: number): number => Math.floor((random.next().value ?? 0) * n)
          expect(shufflePorts(ports, below).toSorted((a, b) => a - b)).toEqual(
            ports.toSorted((a, b) => a - b),
          )
        },
      ),
    )
  })

  it('can bring forth every order, each in one way', () => {
    const orders = new Set<string>()
    for (let a = 0; a < 3; a += 1) {
      for (let b = 0; b < 2; b += 1) {
        const choices = [a, b]
        orders.add(shufflePorts([1, 2, 3], () => choices.shift() ?? 0).join())
      }
    }
    expect(orders.size).toBe(6)
  })
})
