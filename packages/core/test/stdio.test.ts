import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, buildSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadLibc } from '../src/io/kernel/libc.ts'

const libc = loadLibc()

let folder = ''
let program = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'stdio-'))
  program = join(folder, 'program.cjs')
  const source = fileURLToPath(new URL('stdio-program.ts', import.meta.url))
  const options = {
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['koffi'],
    define: { 'import.meta.url': '__filename' },
  } satisfies BuildOptions
  buildSync({ entryPoints: [source], outfile: program, ...options })
  symlinkSync(fileURLToPath(new URL('../node_modules', import.meta.url)), join(folder, 'node_modules'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What `sh -c` makes of it; `$T` runs the program. */
function sh(command: string) {
  const env = { ...process.env, T: `${process.execPath} ${program}`, D: folder }
  const { stdout, stderr, status, signal } = spawnSync('bash', ['-c', command], { env, timeout: 20_000 })
  return { stdout: stdout.toString(), stderr: stderr.toString(), status, signal }
}

describe('standard input', () => {
  it.each([
    ['a file', '$T copy < $D/data'],
    ['a pipe', 'cat $D/data | $T copy'],
    ['a file in small pieces', '$T copy 7001 < $D/data'],
    ['a pipe in small pieces', 'cat $D/data | $T copy 7001'],
    ['a pipe to a pipe', 'cat $D/data | $T copy | cat'],
  ])('copies %s unharmed', (_, command) => {
    const data = randomBytes(3_000_001)
    writeFileSync(join(folder, 'data'), data)
    sh(`${command} > $D/copy`)
    const sum = (octets: Uint8Array) => createHash('sha1').update(octets).digest('hex')
    expect(sum(readFileSync(join(folder, 'copy')))).toBe(sum(data))
  })

  it.each([
    ['/dev/null', '</dev/null'],
    ['closed', '<&-'],
    ['a directory', '< $D'],
    ['not readable', '0> $D/written'],
  ])('ends at once when it is %s', (_, redirection) => {
    expect(sh(`$T copy ${redirection}`)).toEqual({ stdout: '', stderr: 'end', status: 0, signal: null })
  })

  it('lets the process end although it goes on', () => {
    const { stderr, status } = sh(
      '(printf abc; exec sleep 30) 2>/dev/null | ($T first; kill $(pgrep -P $$ -x sleep) 2>/dev/null); true',
    )
    expect({ stderr, status }).toEqual({ stderr: 'abc ,', status: 0 })
  })

  it('is left alone by those who do not read it', () => {
    expect(sh('printf abc | ($T none; cat)').stdout).toBe('abc')
  })

  it.runIf(process.platform === 'linux').each([
    ['ended', 'first', 0, ''],
    ['was ended by a signal', 'copy', 143, 'kill -TERM $p;'],
  ])('is a blocking pipe again after the process %s', (_, task, status, kill) => {
    // Whoever else has the pipe still shares its flags: proc(5), /proc/pid/fdinfo.
    const found = sh(`mkfifo $D/fifo-${task}; exec 5<>$D/fifo-${task}; printf abc >&5
      $T ${task} <&5 >$D/out 2>&1 & p=$!; until [ -s $D/out ]; do :; done
      grep flags /proc/$$/fdinfo/5; ${kill} wait $p; status=$?; rm $D/out
      grep flags /proc/$$/fdinfo/5; exit $status`)
    expect(found.status).toBe(status)
    const flags = [...found.stdout.matchAll(/flags:\s*(\d+)/g)].map(([, octal = '']) =>
      Number.parseInt(octal, 8),
    )
    expect(flags).toHaveLength(2)
    expect((flags[1] ?? 0) & 0o4000).toBe(0)
  })
})

describe('standard output', () => {
  it('says that nobody reads any more', () => {
    expect(sh('$T fill | true').stderr).toBe('EPIPE')
  })

  it.runIf(process.platform === 'linux')('says that there is no room', () => {
    expect(sh('$T fill >/dev/full').stderr).toBe('ENOSPC')
  })

  describe.runIf(libc !== undefined)('and its reader', () => {
    it('tells that the reader has gone, though nothing more is written', () => {
      expect(sh('$T gone | head -1')).toEqual({ stdout: 'line\n', stderr: 'gone', status: 0, signal: null })
    })

    it('tells it of a socket, too', async () => {
      const child = start('gone')
      child.stdout?.once('data', () => child.stdout?.destroy())
      expect(String(await nextOf(child))).toBe('gone')
      await ended(child)
    })
  })

  it('says of a file never that its reader has gone, and holds up no end by looking', () => {
    expect(sh('$T gone >$D/kept').stderr).toBe('never')
    expect(sh('$T watch | cat')).toMatchObject({ stdout: 'line\n', status: 0 })
  })

  it.runIf(process.platform === 'linux')('leaves a pipe blocking for those who share it', () => {
    const found = sh(`mkfifo $D/shared; exec 5<>$D/shared
      $T copy <$D/data >&5 & cat <&5 >/dev/null & p=$!
      for i in $(seq 50); do grep flags /proc/$$/fdinfo/5; done; wait %1; kill $p`)
    const flags = [...found.stdout.matchAll(/flags:\s*(\d+)/g)].map(([, octal = '']) => octal)
    expect(flags).toHaveLength(50)
    expect(flags.filter((octal) => (Number.parseInt(octal, 8) & 0o4000) !== 0)).toEqual([])
  })

  it('goes to a socket whole', () => {
    const text = 'abcdefg\n'.repeat(110_000)
    writeFileSync(join(folder, 'text'), text)
    expect(sh('$T copy <$D/text').stdout).toBe(text)
  })

  it('lets everything else go on while its reader is slow', async () => {
    const child = start('turn')
    expect(String(await nextOf(child))).toBe('turned')
    child.kill('SIGKILL')
    await ended(child)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('lets %s end the process while a write waits', async (signal) => {
    const child = start('turn')
    await nextOf(child)
    child.kill(signal)
    expect(await ended(child)).toBe(signal)
  })

  it('waits for room in a pipe that somebody made non-blocking', () => {
    writeFileSync(join(folder, 'million'), new Uint8Array(1_000_000))
    writeFileSync(
      join(folder, 'count.cjs'),
      `let sum = 0
      process.stdin.on('data', ({ length }) => {
        sum += length
        if (sum >= 1_000_000) process.exit(console.log(sum))
      })`,
    )
    // Both ends in one: Node's reader makes it non-blocking for the writer, too.
    const found = sh(`mkfifo $D/both; exec 5<>$D/both
      $T copy <$D/million >&5 2>$D/end & ${process.execPath} $D/count.cjs <&5; wait; cat $D/end`)
    expect(found.stdout).toBe('1000000\nend')
  })
})

describe.runIf(process.platform === 'linux')('a terminal', () => {
  it('gives line by line, is edited by its own rules, and ends with Ctrl-D', async () => {
    const shown = await onTerminal('copy', [
      [/^/, 'one\btwo\u007fx\n'],
      [/ontwx|x\r\n.*x\r\n/s, '\u0004'],
    ])
    expect(shown).toContain('end of terminal')
  })

  it.each([
    ['Enter', 'se\u007fecret\r', '"secret"'],
    ['Ctrl-D', 'wrong\u0015right\u0004', '"right"'],
    ['Enter at once', '\r', '""'],
    ['a character of several octets', 'über\r', '"über"'],
  ])('asks for a secret without showing it, until %s', async (_, keys, answer) => {
    const shown = await onTerminal('ask', [[/Secret: $/, keys]])
    expect(shown).toBe(`Secret: \r\nanswer ${answer}`)
  })

  it('takes Ctrl-C for a secret as the signal that it is', async () => {
    expect(await onTerminal('ask; echo "status $?"', [[/Secret: $/, 'abc\u0003']])).toMatch(
      /^Secret: (\^C)?\s*status 130\r\n$/,
    )
  })

  it('is not there without a controlling terminal', () => {
    expect(sh('setsid -w $T ask').stderr).toBe('answer undefined')
  })
})

/** What a terminal shows that gets each text once it shows what the text waits for. */
async function onTerminal(task: string, dialogue: [RegExp, string][]): Promise<string> {
  const child = spawn('script', ['-qec', `${process.execPath} ${program} ${task}`, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, SHELL: '/bin/bash' },
  })
  let shown = ''
  const look = (): void => {
    const [next] = dialogue
    if (next === undefined || !next[0].test(shown)) return
    dialogue.shift()
    child.stdin.write(next[1])
  }
  child.stdout.on('data', (octets: Buffer) => {
    shown += octets.toString()
    look()
  })
  look()
  await new Promise((resolve) => child.once('close', resolve))
  return shown
}

function start(task: string): ChildProcess {
  return spawn(process.execPath, [program, task], { stdio: ['ignore', 'pipe', 'pipe'] })
}

function nextOf(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.stderr?.once('data', resolve))
}

function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => {
    child.once('exit', (_, signal) => resolve(signal))
  })
}
