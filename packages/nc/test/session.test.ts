import { type ByteSink, StreamFault } from '@portkit/core'
import { virtualClock } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runSession } from '../src/session/session.ts'
import { eof, fin, PLAIN, play, resume, rst, send, sink, slowSink, stall, type } from './session-world.ts'
import { feed, wire } from './wires.ts'

const N = { shutdownAtEof: true }
const q = (seconds: number) => ({ shutdownAtEof: true, quitMs: seconds * 1000 })
const failing: ByteSink = { write: () => Promise.reject(new StreamFault('ENOSPC')) }

describe('the end of standard input', () => {
  it('sends no FIN and waits for the server (d-eof-plain)', async () => {
    const got = await play({ steps: [type('hello\n'), eof, 2, send('bye\n'), 0.5, fin] })
    expect(got).toMatchObject({ seconds: 2.5, stdout: 'bye\n', peer: ['0.0 got hello\n'] })
    expect(got.end).toEqual({ inputEnded: true, quit: false, reads: 2 })
  })

  it('sends FIN with -N and reads on (d-eof-N)', async () => {
    const got = await play({ settings: N, steps: [type('hello\n'), eof, 0.1, send('bye\n'), 0.5, fin] })
    expect(got).toMatchObject({ seconds: 0.6, stdout: 'bye\n', peer: ['0.0 got hello\n', '0.0 got FIN'] })
  })

  it('sends FIN only after everything is sent', async () => {
    const steps = [stall, type('slow'), eof, 1, resume, 1, fin]
    const got = await play({ settings: N, steps })
    expect(got.peer).toEqual(['1.0 got slow', '1.0 got FIN'])
  })

  it('is taken from an input that fails', async () => {
    const got = await play({ settings: N, steps: [(w) => w.input.fail('EIO'), 1, fin] })
    expect(got).toMatchObject({ seconds: 1, peer: ['0.0 got FIN'], end: { inputEnded: true } })
  })
})

describe('the end of the server', () => {
  it('leaves the session open while the input is (d-server-fin, d-server-close)', async () => {
    const got = await play({ steps: [send('hi\n'), fin, 3] })
    expect(got).toMatchObject({ seconds: undefined, stdout: 'hi\n' })
  })

  it('lets the input go on until it ends (d-server-fin-then-type)', async () => {
    const steps = [send('hi\n'), fin, 1, type('more\n'), 0.5, type('again\n'), eof]
    const got = await play({ steps })
    expect(got).toMatchObject({ seconds: 1.5, stdout: 'hi\n', peer: ['1.0 got more\n', '1.5 got again\n'] })
  })

  it('by RST ends the session at once (d-server-rst)', async () => {
    const got = await play({ steps: [send('hi\n'), 0.5, rst] })
    expect(got).toMatchObject({ seconds: 0.5, stdout: 'hi\n', end: { inputEnded: false, quit: false } })
  })

  it('by FIN and then RST ends the session at once (d-server-close-type)', async () => {
    const got = await play({ steps: [send('hi\n'), fin, 1, type('one\n'), rst] })
    expect(got).toMatchObject({ seconds: 1, stdout: 'hi\n' })
  })

  it('by RST does not lose what came before it', async () => {
    const clock = virtualClock()
    const { net, peer } = wire(clock)
    const printed: string[] = []
    const output = slowSink(clock, 500, printed)
    const over = runSession({ net, input: feed(), output, datagrams: false, listening: false }, PLAIN, clock)
    peer.send('one')
    peer.send('two')
    peer.rst()
    await over
    expect(printed).toEqual(['one', 'two'])
  })

  it('that breaks without a word to a waiting read ends the session too', async () => {
    const clock = virtualClock()
    const { net } = wire(clock)
    const ends = { input: feed(), output: sink([]), datagrams: false, listening: false }
    const broken = Promise.resolve('EPIPE')
    await runSession({ ...ends, net: { ...net, broken } }, PLAIN, clock)
    expect(clock.nowNs() / 1e9).toBeLessThan(0.1)
  })
})

describe('-q', () => {
  it('lets a client wait for the server, then so long again (d-eof-q1)', async () => {
    const got = await play({ settings: q(1), steps: [type('hello\n'), eof, 0.5, send('late\n'), fin] })
    expect(got).toMatchObject({ seconds: 1.5, stdout: 'late\n', end: { quit: true } })
    expect(got.peer).toEqual(['0.0 got hello\n', '0.0 got FIN'])
  })

  it('does not end a client whose server stays (d-q1-server-stays)', async () => {
    const got = await play({ settings: q(1), steps: [type('hello\n'), eof, 4, send('late\n'), 0.3, fin] })
    expect(got).toMatchObject({ seconds: 5.3, stdout: 'late\n' })
  })

  it('0 adds no wait to a client, and goes on to the next port (d-eof-q0)', async () => {
    const got = await play({ settings: q(0), steps: [eof, 0.5, send('late\n'), fin] })
    expect(got).toMatchObject({ seconds: 0.5, stdout: 'late\n', end: { quit: false } })
  })

  it('waits after a reset as well', async () => {
    const got = await play({ settings: q(1), steps: [0.5, rst] })
    expect(got).toMatchObject({ seconds: 1.5, end: { quit: true } })
  })

  it('waits no longer than -w', async () => {
    const got = await play({ settings: { ...q(3), timeoutMs: 1000 }, steps: [eof, 0.5, fin] })
    expect(got).toMatchObject({ seconds: 1.5, end: { quit: false } })
  })

  it('ends a listener at once after the end of its input (l-q0, lk-q0)', async () => {
    const got = await play({ settings: q(0), ends: { listening: true }, steps: [type('x\n'), eof, 5] })
    expect(got).toMatchObject({ seconds: 0, peer: ['0.0 got x\n', '0.0 got FIN'], end: { quit: true } })
  })

  it('ends a listener so long after the end of its input, hanging up before (l-q1)', async () => {
    const steps = [0.5, type('x\n'), eof, 0.5, send('unheard')]
    const got = await play({ settings: q(1), ends: { listening: true }, steps })
    expect(got).toMatchObject({ seconds: 1.5, stdout: '', end: { quit: true } })
  })

  it.each([
    [0, 0, ''],
    [1, 1, ''],
  ])(
    '%d ends a UDP client after its input without waiting for replies (u-echo-q*)',
    async (s, seconds, stdout) => {
      const steps = [type('hello\n'), eof, 0.01, send('hello\n')]
      expect(await play({ settings: q(s), ends: { datagrams: true }, steps })).toMatchObject({
        seconds,
        stdout,
      })
    },
  )

  it('with -d counts from the first datagram', async () => {
    const ends = { datagrams: true, listening: true }
    const got = await play({ settings: { ...q(1), readStdin: false }, ends, steps: [2, send('a')] })
    expect(got).toMatchObject({ seconds: 3, stdout: 'a' })
  })
})

describe('-w', () => {
  it('ends an idle session (d-eof-w1)', async () => {
    const got = await play({ settings: { timeoutMs: 1000 }, steps: [type('hello\n'), eof] })
    expect(got).toMatchObject({ seconds: 1, peer: ['0.0 got hello\n'], end: { quit: false } })
  })

  it('starts again with octets in either direction and with every end', async () => {
    const steps = [0.6, send('a'), 0.6, type('b'), 0.6, fin, 0.6, type('c')]
    expect(await play({ settings: { timeoutMs: 1000 }, steps })).toMatchObject({ seconds: 3.4, stdout: 'a' })
  })

  it('0 ends at once, before the peer can be heard (d-eof-w0)', async () => {
    const got = await play({ settings: { timeoutMs: 0 }, steps: [send('hi\n')] })
    expect(got).toMatchObject({ seconds: 0, stdout: '' })
  })

  it('0 sends an input that is there, and lets a listener hear what has come', async () => {
    expect((await play({ settings: { timeoutMs: 0 }, steps: [type('now')] })).peer).toEqual(['0.0 got now'])
    const got = await play({ settings: { timeoutMs: 0 }, ends: { listening: true }, steps: [send('a')] })
    expect(got).toMatchObject({ seconds: 0, stdout: 'a' })
  })

  it('ends a session whose peer does not read', async () => {
    const got = await play({ settings: { timeoutMs: 1000 }, steps: [stall, type('x')] })
    expect(got).toMatchObject({ seconds: 1, end: { inputEnded: false } })
  })
})

describe('-W', () => {
  it.each([
    [1, '1'],
    [2, '12'],
  ])('%d ends after that many reads, the last one written', async (receiveLimit, stdout) => {
    const steps = [send('1'), 0.4, send('2'), 0.4, send('3')]
    const got = await play({ settings: { receiveLimit }, steps })
    expect(got).toMatchObject({ stdout, end: { reads: receiveLimit } })
  })

  it('reads at most 16384 octets at once', async () => {
    const got = await play({ settings: { receiveLimit: 1 }, steps: [send('x'.repeat(40_000))] })
    expect(got.stdout).toHaveLength(16_384)
  })

  it('counts the end of the network too', async () => {
    const got = await play({ settings: { receiveLimit: 2 }, steps: [send('x'), 0.4, fin] })
    expect(got).toMatchObject({ seconds: 0.4, stdout: 'x', end: { inputEnded: false } })
  })

  it('sends FIN with -N', async () => {
    const got = await play({ settings: { receiveLimit: 1, ...N }, steps: [type('hello'), 0.5, send('x')] })
    expect(got).toMatchObject({ seconds: 0.5, peer: ['0.0 got hello', '0.5 got FIN'] })
  })
})

describe('-d', () => {
  it('reads nothing from the input (d-d)', async () => {
    const got = await play({ settings: { readStdin: false }, steps: [type('no\n'), send('hi\n'), 1, fin] })
    expect(got).toMatchObject({ seconds: 1, stdout: 'hi\n', peer: [], end: { inputEnded: false } })
  })

  it('with -N sends FIN at the first event, not before (d-dN)', async () => {
    const got = await play({ settings: { readStdin: false, ...N }, steps: [2, send('hi\n'), 1, fin] })
    expect(got).toMatchObject({ seconds: 3, peer: ['2.0 got FIN'] })
  })
})

describe('standard output', () => {
  it('that fails ends the reading, and the session where the input has ended (d-stdout-full)', async () => {
    const steps = [eof, 1, send('hi\n')]
    expect(await play({ ends: { output: failing }, steps })).toMatchObject({ seconds: 1 })
  })

  it('that fails leaves the input open (d-stdout-pipe-closed)', async () => {
    const steps = [send('hi\n'), 1, type('on\n')]
    const got = await play({ ends: { output: failing }, steps })
    expect(got).toMatchObject({ seconds: undefined, peer: ['1.0 got on\n'] })
  })

  it('that nobody reads any more ends a session without input before anything comes', async () => {
    const clock = virtualClock()
    const { net } = wire(clock)
    const outputGone = clock.sleep(700)
    const ends = { net, input: undefined, output: sink([]), outputGone, datagrams: false, listening: false }
    await runSession(ends, PLAIN, clock)
    expect(clock.nowNs() / 1e9).toBe(0.7)
  })

  it('that is slow does not hold up the input, nor the other way round', async () => {
    const clock = virtualClock()
    const { net, peer } = wire(clock)
    const input = feed()
    const output = slowSink(clock, 1e6, [])
    void runSession({ net, input, output, datagrams: false, listening: false }, PLAIN, clock)
    peer.send('stuck')
    for (const text of ['a', 'b', 'c']) input.push(text)
    await clock.sleep(1)
    expect(peer.text()).toBe('abc')
  })
})

describe('a listener', () => {
  const ends = { listening: true }
  it('ends when its client has, though its own input is open (l-v)', async () => {
    expect(await play({ ends, steps: [send('x'), 0.4, fin] })).toMatchObject({ seconds: 0.4, stdout: 'x' })
  })

  it('stays after the end of its input (l-N, l-plain-stdin)', async () => {
    const got = await play({ ends, settings: N, steps: [type('from server\n'), eof, 4] })
    expect(got).toMatchObject({ seconds: undefined, peer: ['0.0 got from server\n', '0.0 got FIN'] })
  })

  it('sends the chunk that is on its way before it ends', async () => {
    const got = await play({
      ends,
      steps: [stall, type('x'), 1, fin, 1, resume],
    })
    expect(got).toMatchObject({ seconds: 2, peer: ['2.0 got x'] })
  })

  it('keeps what is typed between two clients for the second', async () => {
    const clock = virtualClock()
    const input = feed()
    const first = wire(clock)
    const second = wire(clock)
    const common = { input, output: sink([]), datagrams: false, listening: true }
    const over = runSession({ ...common, net: first.net }, PLAIN, clock)
    await clock.sleep(10)
    first.peer.fin()
    expect(await over).toEqual({ inputEnded: false, quit: false, reads: 1 })
    input.push('for you\n')
    void runSession({ ...common, net: second.net }, PLAIN, clock)
    await clock.sleep(10)
    expect([first.peer.text(), second.peer.text()]).toEqual(['', 'for you\n'])
  })
})

describe('datagrams', () => {
  const ends = { datagrams: true }
  it('that come after an idle session are for the next one on the same socket (-k)', async () => {
    const clock = virtualClock()
    const { net, peer } = wire(clock)
    const printed: string[] = []
    const both = { net, input: undefined, output: sink(printed), datagrams: true, listening: true }
    const settings = { ...PLAIN, timeoutMs: 1000 }
    await runSession(both, settings, clock)
    const second = runSession(both, settings, clock)
    peer.send('late')
    expect(await second).toMatchObject({ reads: 1 })
    expect(printed).toEqual(['late'])
  })

  it('are sent one a read of 16384 octets (u-chunks)', async () => {
    const steps = [type('x'.repeat(40_000)), eof]
    const got = await play({ ends, settings: { timeoutMs: 1000 }, steps })
    expect(got.peer.map((line) => line.length - '0.0 got '.length)).toEqual([16_384, 16_384, 7232])
  })

  it('are not sent for an empty input, nor for an empty read (u-empty)', async () => {
    const got = await play({ ends, settings: { timeoutMs: 1000 }, steps: [type(''), eof] })
    expect(got).toMatchObject({ seconds: 1, peer: [] })
  })

  it('without octets are the end of the network, as for nc', async () => {
    const steps = [type('q'), send('a'), 0.3, send(''), 0.3, send('b'), 0.3, type('r'), eof]
    const got = await play({ ends, steps })
    expect(got).toMatchObject({ seconds: 0.9, stdout: 'a', peer: ['0.0 got q', '0.9 got r'] })
  })

  it('that are refused end the session (u-closed-data)', async () => {
    const got = await play({ ends, steps: [type('a\n'), 0.1, (w) => w.peer.rst()] })
    expect(got).toMatchObject({ seconds: 0.1 })
    const refused = (code: string) => play({ ends, steps: [(w) => w.peer.refuse(code), type('a')] })
    expect((await refused('ECONNREFUSED')).seconds).toBe(0)
    // A listener with -k has nobody to answer: it goes on reading.
    expect((await refused('EDESTADDRREQ')).seconds).toBeUndefined()
  })

  it('of -C carry the text and the line end one by one', async () => {
    const got = await play({ ends, settings: { crlf: true }, steps: [type('\na\n\r\nq\r')] })
    expect(got.peer).toEqual(['0.0 got \r\n', '0.0 got a', '0.0 got \r\n', '0.0 got \r\n', '0.0 got q\r'])
  })
})

describe('-C', () => {
  it('completes line ends (d-C)', async () => {
    const got = await play({ settings: { crlf: true, ...N }, steps: [type('a\nb\r\nc\n\nd'), eof, 1, fin] })
    expect(got.peer).toEqual(['0.0 got a\r\nb\r\nc\r\n\r\nd', '0.0 got FIN'])
  })

  it('does not remember a CR that came long before its LF (d-C-split)', async () => {
    const got = await play({
      settings: { crlf: true },
      steps: [type('a\r'), 0.4, type('\nb\n'), eof, 1, fin],
    })
    expect(got.peer).toEqual(['0.0 got a\r', '0.4 got \r\nb\r\n'])
  })

  it('leaves a CR LF alone that a read has cut in two', async () => {
    const text = `${'x'.repeat(16_383)}\r\ny\r\n`
    const clock = virtualClock()
    const { net, peer } = wire(clock)
    const input = feed()
    input.push(text)
    const ends = { net, input, output: sink([]), datagrams: false, listening: false }
    void runSession(ends, { ...PLAIN, crlf: true }, clock)
    await clock.sleep(10)
    expect(peer.text()).toBe(text)
  })
})

describe('-i', () => {
  const settings = { intervalMs: 1000, ...N }
  it('pauses after every line, before FIN too (d-i1)', async () => {
    const got = await play({ settings, steps: [type('a\nb\nc\n'), eof, 3.5, fin] })
    expect(got.peer).toEqual(['0.0 got a\n', '1.0 got b\n', '2.0 got c\n', '3.0 got FIN'])
  })

  it('does not pause after a line that is not complete', async () => {
    const got = await play({ settings, steps: [type('a\nbc'), eof, 3, fin] })
    expect(got.peer).toEqual(['0.0 got a\n', '1.0 got bc', '1.0 got FIN'])
  })

  it('does not delay what is received (d-i1-recv)', async () => {
    const got = await play({ settings, steps: [eof, send('1\n2\n3\n'), 0.1, fin] })
    expect(got).toMatchObject({ seconds: 0.1, stdout: '1\n2\n3\n' })
  })

  it('is not idle time for -w', async () => {
    const steps = [type('a\nb\n'), eof, 4.5, fin]
    const got = await play({ settings: { ...settings, intervalMs: 2000, timeoutMs: 1000 }, steps })
    expect(got).toMatchObject({ seconds: 4.5, peer: ['0.0 got a\n', '2.0 got b\n', '4.0 got FIN'] })
  })

  it('ends at once when the connection breaks', async () => {
    expect(await play({ settings, steps: [type('a\nb\n'), 0.3, rst] })).toMatchObject({ seconds: 0.3 })
  })
})

describe('-t', () => {
  const settings = { telnet: true }
  it('refuses options and passes the octets on (t-do-will)', async () => {
    const text = '\xff\xfd\x01\xff\xfb\x03\xff\xfe\x05\xff\xfc\x06login: '
    const got = await play({ settings, steps: [send(text), 1, fin] })
    expect(got).toMatchObject({ seconds: undefined, stdout: text })
    const answers = ['\xff\xfc\x01', '\xff\xfe\x03', '\xff\xfc\x05', '\xff\xfe\x06']
    expect(got.peer).toEqual(answers.map((answer) => `0.0 got ${answer}`))
  })

  it('answers without an input and after its end, as long as no FIN is sent', async () => {
    const readStdin = { ...settings, readStdin: false }
    const got = await play({
      settings: readStdin,
      steps: [send('\xff\xfd\x01'), 1, send('\xff\xfd\x02'), 1, fin],
    })
    expect(got).toMatchObject({ seconds: 2, peer: ['0.0 got \xff\xfc\x01', '1.0 got \xff\xfc\x02'] })
  })

  it('answers nothing in the last read of -W', async () => {
    const codes: string[] = []
    const ends = { answerFailed: (code: string) => void codes.push(code) }
    const got = await play({
      settings: { ...settings, receiveLimit: 1 },
      ends,
      steps: [send('\xff\xfd\x01')],
    })
    expect(got).toMatchObject({ seconds: 0, stdout: '\xff\xfd\x01', peer: [] })
    expect(codes).toEqual(['EBADF'])
  })

  it('does not answer a request that is split (t-split)', async () => {
    const got = await play({ settings, steps: [send('\xff'), 0.3, send('\xfd'), 0.3, send('\x01')] })
    expect(got).toMatchObject({ stdout: '\xff\xfd\x01', peer: [] })
  })

  it('puts answers between what is typed, never into it', async () => {
    const steps = [stall, type('typed'), 0.1, send('\xff\xfd\x01'), 1, resume]
    const got = await play({ settings, steps })
    expect(got.peer).toEqual(['1.1 got typed', '1.1 got \xff\xfc\x01'])
  })

  it('tells when an answer cannot be sent any more, and goes on', async () => {
    const codes: string[] = []
    const ends = { answerFailed: (code: string) => void codes.push(code) }
    const steps = [eof, 0.3, send('\xff\xfd\x01'), 0.3, send('x'), fin]
    const got = await play({ settings: { ...settings, ...N }, ends, steps })
    expect(got).toMatchObject({ seconds: 0.6, stdout: '\xff\xfd\x01x' })
    expect(codes).toEqual(['EPIPE'])
  })

  it('reads nothing more while a peer does not take its answers', async () => {
    const clock = virtualClock()
    const { net, peer } = wire(clock)
    peer.stall()
    const printed: string[] = []
    const ends = { net, input: undefined, output: sink(printed), datagrams: false, listening: false }
    void runSession(ends, { ...PLAIN, ...settings }, clock)
    for (let n = 0; n < 100; n++) peer.send('\xff\xfd\x01')
    await clock.sleep(1000)
    expect(printed.length).toBeLessThanOrEqual(1)
  })
})

describe('any session', () => {
  const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 20 })
  it('carries octets unchanged and in order, both ways, however they are cut', () =>
    fc.assert(
      fc.asyncProperty(chunks, chunks, fc.boolean(), async (typed, sent, watched) => {
        const heard = { sent: 0, received: 0 }
        const watch = (way: 'sent' | 'received', octets: Uint8Array) => {
          heard[way] += octets.length
        }
        const steps = [...typed.map(type), ...sent.map(send), eof, 0.1, fin]
        const got = await play({ steps, ends: watched ? { watch } : {} })
        const latin1 = (all: readonly Uint8Array[]) => Buffer.concat(all).toString('latin1')
        expect(got.stdout).toBe(latin1(sent))
        expect(got.peer.map((line) => line.slice('0.0 got '.length)).join('')).toBe(latin1(typed))
        expect(got.end?.inputEnded).toBe(true)
        const whole = { sent: latin1(typed).length, received: got.stdout.length }
        expect(heard).toEqual(watched ? whole : { sent: 0, received: 0 })
      }),
    ))

  const move = fc.oneof(
    fc.uint8Array({ maxLength: 20 }).map(type),
    fc.uint8Array({ minLength: 1, maxLength: 20 }).map(send),
    fc.constantFrom(eof, fin, rst, 0.2, 1.5),
  )
  const settings = fc.record({
    timeoutMs: fc.constantFrom(undefined, 0, 1000),
    intervalMs: fc.constantFrom(0, 300),
    quitMs: fc.constantFrom(undefined, 0, 500),
    shutdownAtEof: fc.boolean(),
    receiveLimit: fc.constantFrom(undefined, 1, 2),
    readStdin: fc.boolean(),
    crlf: fc.boolean(),
    telnet: fc.boolean(),
  })
  it('never rejects, and always ends once both ends are gone', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(move, { maxLength: 12 }),
        settings,
        fc.boolean(),
        fc.boolean(),
        async (moves, s, l, d) => {
          const got = await play({
            steps: [...moves, 1, eof, fin],
            settings: s,
            ends: { listening: l, datagrams: d },
          })
          expect(got.end).toBeDefined()
        },
      ),
    ))
})
