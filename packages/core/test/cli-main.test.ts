import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { main, type ProcessLike } from '../src/cli/main.ts'
import { simIo } from '../src/sim/sim.ts'
import { sampleCli } from './cli-sample.ts'

/** A stream that keeps what it takes; each chunk is done when `take` says so. */
function collector(take: (done: (error?: Error) => void, taken: number) => void = (done) => done()) {
  const chunks: string[] = []
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      chunks.push(chunk)
      take(done, chunks.length)
    },
  })
  return { stream, chunks }
}

const coded = (code: string) => Object.assign(new Error(`write ${code}`), { code })
const createIo = () => simIo({ ports: {} })

async function run(argv: readonly string[], stdout: Writable, stderr: Writable) {
  let ended = 0
  const cli = sampleCli(() => {
    ended += 1
  })
  const host: ProcessLike = { argv: ['node', 'sample', ...argv], stdout, stderr }
  await main(cli, { version: '1.2.3', createIo }, host)
  return { status: host.exitCode, ended }
}

it('sets the exit status and writes each stream its lines', async () => {
  const out = collector()
  const err = collector()
  expect(await run(['h'], out.stream, err.stream)).toEqual({ status: 7, ended: 1 })
  expect(out.chunks.slice(1)).toEqual(['line 0\n', 'line 1\n'])
  expect(err.chunks).toEqual(['note\n'])
})

it('gives a stream no second line before it has done with the first', async () => {
  let pending = 0
  let most = 0
  const slow = collector((done) => {
    pending += 1
    most = Math.max(most, pending)
    setImmediate(() => {
      pending -= 1
      done()
    })
  })
  const before = collector()
  expect(await run(['h'], slow.stream, before.stream)).toMatchObject({ status: 7 })
  expect({ most, left: pending, writable: slow.stream.writableLength }).toEqual({
    most: 1,
    left: 0,
    writable: 0,
  })
})

it.each(['EPIPE', 'ECONNRESET'])('ends quietly when stdout says %s', async (code) => {
  const out = collector((done, taken) => done(taken === 3 ? coded(code) : undefined))
  const err = collector()
  expect(await run(['endless'], out.stream, err.stream)).toEqual({ status: 0, ended: 1 })
  expect(err.chunks).toEqual(['note\n'])
})

it('ends quietly when stdout was closed before', async () => {
  const out = collector()
  out.stream.destroy()
  const err = collector()
  expect(await run(['endless'], out.stream, err.stream)).toEqual({ status: 0, ended: 1 })
})

it('says why stdout could not be written', async () => {
  const out = collector((done) => done(coded('EIO')))
  const err = collector()
  expect(await run(['h'], out.stream, err.stream)).toEqual({ status: 2, ended: 1 })
  expect(err.chunks).toEqual(['sample: cannot write to standard output: EIO\n'])
})

it('goes on when stderr cannot be written', async () => {
  const out = collector()
  const err = collector((done) => done(coded('EPIPE')))
  expect(await run(['h'], out.stream, err.stream)).toEqual({ status: 7, ended: 1 })
  expect(out.chunks).toHaveLength(3)
  expect(await run(['bug'], collector().stream, err.stream)).toEqual({ status: 70, ended: 1 })
})

it('lets the event loop turn, however fast lines are written', async () => {
  let turned = false
  setImmediate(() => {
    turned = true
  })
  const out = collector((done, taken) => done(turned || taken > 10_000 ? coded('EPIPE') : undefined))
  await run(['endless'], out.stream, collector().stream)
  expect(out.chunks.length).toBeLessThan(1000)
})

it('opens a stream only when there is something to write', async () => {
  const out = collector()
  const host: ProcessLike = {
    argv: ['node', 'sample', '--version'],
    stdout: out.stream,
    get stderr(): never {
      throw new Error('opened')
    },
  }
  await main(sampleCli(), { version: '1.2.3', createIo }, host)
  expect({ status: host.exitCode, chunks: out.chunks }).toEqual({ status: 0, chunks: ['sample 1.2.3\n'] })
})
