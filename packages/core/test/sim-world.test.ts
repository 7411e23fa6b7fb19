import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type SimIo, type StdinScript, simIo, type World } from '../src/sim/sim.ts'

const octets = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (value: Uint8Array | undefined): string | undefined => value && new TextDecoder().decode(value)
const world = (more: Partial<World> = {}): SimIo => simIo({ ports: {}, ...more })

async function readings(stdin: StdinScript, most = 100, tty = false): Promise<(string | undefined)[]> {
  const io = world({ stdin, stdinTty: tty })
  const seen: (string | undefined)[] = []
  const run = async (): Promise<void> => {
    for (;;) {
      const chunk = text(await io.stdin.read(most))
      seen.push(`${(io.clock.nowNs() / 1e9).toFixed(1)} ${chunk ?? 'end'}`)
      if (chunk === undefined) return
    }
  }
  if ((await io.runUntilIdle(run())) === 'still running') seen.push('open')
  return seen
}

it('gives standard input at its times, all that is there at once, and then its end', async () => {
  const script = [
    { write: 'a\r' },
    { waitMs: 400 },
    { write: '\nb\n' },
    { write: 'c' },
    { waitMs: 100 },
  ] as const
  expect(await readings([...script, 'eof'])).toEqual(['0.0 a\r', '0.4 \nb\nc', '0.5 end'])
  expect(await readings([...script, 'open'], 3)).toEqual(['0.0 a\r', '0.4 \nb\n', '0.4 c', 'open'])
  expect(await readings(script, 100, true)).toEqual(['0.0 a\r', '0.4 \nb\n', '0.4 c', '0.5 end'])
  expect(await readings('null')).toEqual(['0.0 end'])
  expect(await readings(['open'])).toEqual(['open'])
})

it('keeps what was typed before anybody read', async () => {
  const io = world({ stdin: [{ write: 'early' }, { waitMs: 10 }, { write: ' bird' }] })
  await io.clock.sleep(50)
  expect(text(await io.stdin.read(100))).toBe('early bird')
})

it('fails reads of a standard input that is not open', async () => {
  await expect(world({ stdin: 'closed' }).stdin.read(1)).rejects.toMatchObject({ code: 'EBADF' })
})

it('ends a pending read when standard input is let go', async () => {
  for (const stdin of [['open'], [{ waitMs: 60_000 }, { write: 'late' }]] as const) {
    const io = world({ stdin })
    const reading = io.stdin.read(10)
    io.stdin.release()
    expect(await reading).toBeUndefined()
  }
})

it('gives all of standard input in order, however it is cut', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ write: fc.uint8Array({ maxLength: 20 }), waitMs: fc.nat(3) }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 30 }),
      async (pieces, most) => {
        const io = world({ stdin: pieces.flatMap(({ write, waitMs }) => [{ write }, { waitMs }]) })
        const seen: number[] = []
        for (let chunk = await io.stdin.read(most); chunk !== undefined; chunk = await io.stdin.read(most)) {
          expect(chunk.length).toBeGreaterThan(0)
          expect(chunk.length).toBeLessThanOrEqual(most)
          seen.push(...chunk)
        }
        expect(seen).toEqual(pieces.flatMap(({ write }) => [...write]))
      },
    ),
    { numRuns: 50 },
  ))

it('collects standard output with its times, slow or not', async () => {
  const io = world({ stdout: { octetsPerSecond: 2 } })
  await io.stdout.write(octets('ab'))
  await io.stdout.write(octets('c'))
  expect(io.output.map(({ atNs, octets }) => [atNs / 1e9, text(octets)])).toEqual([
    [1, 'ab'],
    [1.5, 'c'],
  ])
})

it.each(['EPIPE', 'ENOSPC'] as const)(
  'fails writes to standard output with %s when it is said to',
  async (code) => {
    const io = world({ stdout: { fails: { code, afterOctets: 3 } } })
    await io.stdout.write(octets('ab'))
    await expect(io.stdout.write(octets('cd'))).rejects.toMatchObject({ name: 'StreamFault', code })
    await expect(io.stdout.write(octets('e'))).rejects.toMatchObject({ code })
    expect(io.output.map(({ octets }) => text(octets)).join('')).toBe('abc')
  },
)

it('tells when the reader of standard output has gone, from when on writes fail', async () => {
  const io = world({ stdout: { goneAtMs: 300 } })
  await io.stdout.write(octets('a'))
  await io.stdout.gone?.()
  expect(io.clock.nowNs() / 1e6).toBe(300)
  await expect(io.stdout.write(octets('b'))).rejects.toMatchObject({ code: 'EPIPE' })
  const still = world()
  expect(await still.runUntilIdle(still.stdout.gone?.() ?? Promise.resolve())).toBe('still running')
})

it('answers secret questions one after the other, then has no terminal', async () => {
  const io = world({ secrets: ['pw'] })
  expect(await io.system.askSecret('Password: ')).toBe('pw')
  expect(await io.system.askSecret('Again: ')).toBeUndefined()
  expect(io.questions).toEqual(['Password: ', 'Again: '])
})

it('remembers descriptors handed over, unless standard output takes none', async () => {
  const io = world()
  await io.system.passDescriptor(3)
  expect(io.passed).toEqual([3])
  const faulty = world({ passFault: 'ENOTSOCK' })
  await expect(faulty.system.passDescriptor(3)).rejects.toMatchObject({
    name: 'LocalFault',
    code: 'ENOTSOCK',
  })
})

it('collects what goes to an opened file, which starts empty', () => {
  const io = world({ unwritable: { '/root/dump': 'EACCES' } })
  io.system.writeAtomically('/tmp/dump', 'old')
  const file = io.system.openOutput('/tmp/dump')
  file.write('a')
  file.write('b')
  file.close()
  expect(io.written.get('/tmp/dump')).toBe('ab')
  expect(() => io.system.openOutput('/root/dump')).toThrow('/root/dump')
})

it('adds to a file of the world and to one that was written', () => {
  const io = world({ files: { '/log': 'gr\u00fc\u00df ' } })
  for (const piece of ['one ', 'two']) io.system.openOutput('/log', true).write(piece)
  expect(Buffer.from(io.written.get('/log') ?? '', 'latin1').toString()).toBe('gr\u00fc\u00df one two')
  io.system.openOutput('/new', true).write('a')
  expect(io.written.get('/new')).toBe('a')
})

it('knows names, their errors, and names of addresses', async () => {
  const { dns } = world({
    hosts: { dual: ['fd00::2', '10.0.0.2'], only6: ['fd00::2'], '10.2': ['10.0.0.2'] },
    nameErrors: {
      dead: { code: 'EAI_AGAIN', text: 'Temporary failure in name resolution' },
      'dual/6': { code: 'ENODATA', text: 'No address associated with hostname' },
    },
    names: { '127.0.0.1': 'localhost' },
  })
  expect(await dns.lookup('dual')).toHaveLength(2)
  expect(await dns.lookup('dual', 4)).toEqual([{ address: '10.0.0.2', family: 4 }])
  expect(await dns.lookup('10.2')).toEqual([{ address: '10.0.0.2', family: 4 }])
  expect(await dns.lookup('10.0.0.9', 4)).toEqual([{ address: '10.0.0.9', family: 4 }])
  await expect(dns.lookup('10.0.0.9', 6)).rejects.toMatchObject({
    message: 'Address family for hostname not supported',
  })
  await expect(dns.lookup('only6', 4)).rejects.toMatchObject({ message: 'Name or service not known' })
  await expect(dns.lookup('dead')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
  await expect(dns.lookup('dual', 6)).rejects.toMatchObject({ code: 'ENODATA' })
  expect(await dns.reverse('127.0.0.1')).toBe('localhost')
  expect(await dns.reverse('10.0.0.2')).toBeUndefined()
})

it('runs for so many seconds, then time stands still', async () => {
  const io = world()
  const seen: number[] = []
  const ticking = (async () => {
    for (;;) {
      await io.clock.sleep(400)
      seen.push(io.clock.nowNs() / 1e6)
    }
  })()
  expect(await io.runFor(ticking, 1)).toBe('still running')
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  expect(seen).toEqual([400, 800])
  expect(await io.runFor(ticking, 1)).toBe('still running')
  expect(seen).toEqual([400, 800, 1200, 1600, 2000])
})

it('gives the value or the error of what ends in time', async () => {
  const io = world()
  expect(
    await io.runFor(
      io.clock.sleep(500).then(() => 7),
      1,
    ),
  ).toBe(7)
  expect(await io.runUntilIdle(Promise.resolve(8))).toBe(8)
  await expect(io.runFor(Promise.reject(new Error('no')), 1)).rejects.toThrow('no')
  await expect(io.runUntilIdle(Promise.reject(new Error('no')))).rejects.toThrow('no')
})

it('sees that nothing can happen any more, after everything that could has happened', async () => {
  const io = world()
  let steps = 0
  const stuck = (async () => {
    await io.clock.sleep(60_000)
    steps++
    await io.clock.sleep(1)
    steps++
    await new Promise(() => {})
  })()
  expect(await io.runUntilIdle(stuck)).toBe('still running')
  expect(steps).toBe(2)
})

it('calls a run idle that waits for a port which never answers', async () => {
  const io = world({ ports: { '10.0.0.2:137': { does: 'drop' } } })
  const attempt = io.net.connect({ address: '10.0.0.2', family: 4, port: 137, close: 'fin' })
  expect(await io.runUntilIdle(Promise.resolve(attempt.answer))).toBe('still running')
  expect(io.clock.nowNs()).toBe(0)
  attempt.abandon()
  expect(io.net.open()).toBe(0)
})
