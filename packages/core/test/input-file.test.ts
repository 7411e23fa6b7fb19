import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileFault } from '../src/io/file-fault.ts'
import { nodeSystem } from '../src/io/node/node-system.ts'
import { simIo } from '../src/sim/sim.ts'

const folder = mkdtempSync(join(tmpdir(), 'input-'))
afterAll(() => rmSync(folder, { recursive: true }))

const OCTETS = Uint8Array.from({ length: 200_000 }, (_, i) => i * 7)

async function all(source: AsyncIterable<Uint8Array>): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of source) pieces.push(piece)
  return pieces
}

function pipeNamed(name: string): string {
  const path = join(folder, name)
  execFileSync('mkfifo', [path])
  return path
}

const openDescriptors = (): number => readdirSync('/proc/self/fd').length

describe('a file that is read as octets', () => {
  it('is given whole, in pieces that stay as they are', async () => {
    const path = join(folder, 'octets')
    writeFileSync(path, OCTETS)
    const pieces = await all(nodeSystem.openInput(path))
    expect(pieces.length).toBeGreaterThan(1)
    expect(Buffer.compare(Buffer.concat(pieces), OCTETS)).toBe(0)
  })

  it.each([
    ['is not there', 'nowhere', 'ENOENT', 'no such file'],
    ['is a directory', 'directory', 'EISDIR', 'it is a directory'],
    ['lies under a file', 'file/in', 'ENOTDIR', 'part of the path is not a directory'],
  ])('is refused in one sentence when it %s', async (_, name, code, why) => {
    mkdirSync(join(folder, 'directory'), { recursive: true })
    writeFileSync(join(folder, 'file'), '')
    const path = join(folder, name)
    await expect(all(nodeSystem.openInput(path))).rejects.toMatchObject({
      name: 'LocalFault',
      code,
      message: `cannot read ${path}: ${why}`,
    })
  })

  it.each([
    ['EACCES', 'permission denied'],
    ['ELOOP', 'its symbolic links lead in a circle'],
    ['EWHATEVER', 'EWHATEVER'],
  ])('is refused with words for %s', (errno, why) => {
    expect(fileFault(errno, 'read', 'x')).toMatchObject({ code: errno, message: `cannot read x: ${why}` })
    expect(fileFault(errno, 'write', 'x').message).toBe(`cannot write x: ${why}`)
  })

  it('is closed when nobody wants the rest', async () => {
    const path = join(folder, 'rest')
    writeFileSync(path, OCTETS)
    const before = openDescriptors()
    for await (const piece of nodeSystem.openInput(path)) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    expect(openDescriptors()).toBe(before)
  })

  it('is not opened once the signal is aborted', async () => {
    expect(await all(nodeSystem.openInput(join(folder, 'nowhere'), AbortSignal.abort()))).toEqual([])
  })
})

describe('a named pipe', () => {
  it('is read as it is written', async () => {
    const path = pipeNamed('written')
    const source = nodeSystem.openInput(path)[Symbol.asyncIterator]()
    const first = source.next()
    const writer = spawn('/bin/sh', ['-c', 'exec 3>"$0"; printf one >&3; read go; printf two >&3', path], {
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    expect(Buffer.from((await first).value ?? []).toString()).toBe('one')
    writer.stdin.write('go\n')
    expect(Buffer.from((await source.next()).value ?? []).toString()).toBe('two')
    expect(await source.next()).toMatchObject({ done: true })
    if (writer.exitCode === null) await once(writer, 'exit')
  })

  it('that nobody writes to is given up when the signal is aborted, before and after it was opened', async () => {
    const path = pipeNamed('silent')
    const before = openDescriptors()
    const stop = new AbortController()
    const opening = all(nodeSystem.openInput(path, stop.signal))
    setImmediate(() => stop.abort())
    expect(await opening).toEqual([])

    const writer = openSync(path, 'r+')
    writeSync(writer, 'one')
    const later = new AbortController()
    const source = nodeSystem.openInput(path, later.signal)[Symbol.asyncIterator]()
    expect((await source.next()).done).toBe(false)
    const waiting = source.next()
    later.abort()
    expect((await waiting).done).toBe(true)
    closeSync(writer)
    await new Promise(setImmediate)
    expect(openDescriptors()).toBe(before)
  })
})

describe('a file that is written as octets', () => {
  it('has octets and characters as they were given', async () => {
    const path = join(folder, 'output')
    const output = nodeSystem.openOutput(path)
    output.write(OCTETS)
    output.write('\u00ff')
    output.close()
    expect(
      Buffer.compare(
        Buffer.concat(await all(nodeSystem.openInput(path))),
        Buffer.concat([OCTETS, Buffer.from([255])]),
      ),
    ).toBe(0)
  })

  it('says that the disk is full', () => {
    const output = nodeSystem.openOutput('/dev/full')
    expect(() => output.write(OCTETS)).toThrow(
      expect.objectContaining({
        name: 'LocalFault',
        code: 'ENOSPC',
        message: 'cannot write /dev/full: no space left',
      }),
    )
    output.close()
  })
})

describe('the simulated machine', () => {
  it('reads texts, octets and what was written to it', async () => {
    const { system } = simIo({ ports: {}, files: { '/text': 'grüß', '/octets': OCTETS } })
    expect(Buffer.concat(await all(system.openInput('/text'))).toString()).toBe('grüß')
    const pieces = await all(system.openInput('/octets'))
    expect(pieces.length).toBeGreaterThan(1)
    expect(Buffer.compare(Buffer.concat(pieces), OCTETS)).toBe(0)
    expect(system.readText('/text')).toBe('grüß')
    const output = system.openOutput('/octets')
    output.write(Uint8Array.of(0, 128, 255))
    expect(Buffer.concat(await all(system.openInput('/octets')))).toEqual(Buffer.from([0, 128, 255]))
  })

  it('has files that are missing or cannot be read', async () => {
    const { system } = simIo({ ports: {}, files: { '/secret': 'x' }, unreadable: { '/secret': 'EACCES' } })
    await expect(all(system.openInput('/none'))).rejects.toThrow('cannot read /none: no such file')
    await expect(all(system.openInput('/secret'))).rejects.toThrow('cannot read /secret: permission denied')
    expect(await all(system.openInput('/none', AbortSignal.abort()))).toEqual([])
  })
})
