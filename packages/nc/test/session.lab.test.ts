// Session rules that the recorded runs do not show, each seen on the real nc and on ours side by side.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { builtTool } from '@portkit/lab/tool'
import { describe, expect, it } from 'vitest'

type Step = number | { readonly type: string } | { readonly send: string } | 'eof' | 'fin' | 'rst' | 'close'

interface Case {
  readonly rule: string
  readonly args: string
  readonly listens?: boolean
  readonly steps: readonly Step[]
  readonly stdout: string
  /** What the peer got, and when it got FIN, in seconds. */
  readonly got: string
  readonly fin?: number
  /** When the tool ended, in seconds after the connection; undefined where it was still there after the steps. */
  readonly seconds: number | undefined
}

const CASES: readonly Case[] = [
  {
    rule: '-d with -N sends FIN only after the first event',
    args: '-dN',
    steps: [0.6, { send: 'x' }, 1, 'close'],
    stdout: 'x',
    got: '',
    fin: 0.6,
    seconds: 1.6,
  },
  {
    rule: '-q waits after a reset too',
    args: '-q 1',
    steps: [0.5, 'rst'],
    stdout: '',
    got: '',
    seconds: 1.5,
  },
  {
    rule: '-q waits no longer than -w',
    args: '-q 3 -w 1',
    steps: ['eof', 0.5, 'close'],
    stdout: '',
    got: '',
    fin: 0,
    seconds: 1.5,
  },
  {
    rule: 'the end counts as a read for -W',
    args: '-W 2 -N',
    steps: [{ send: 'x' }, 0.5, 'fin'],
    stdout: 'x',
    got: '',
    fin: 0.5,
    seconds: 0.5,
  },
  {
    rule: '-i pauses after complete lines only',
    args: '-i 1 -N',
    steps: [{ type: 'a\nbc' }, 'eof', 1.5, 'close'],
    stdout: '',
    got: 'a\nbc',
    fin: 1,
    seconds: 1.5,
  },
  {
    rule: 'a pause of -i is not idle time',
    args: '-i 2 -w 1 -N',
    steps: [{ type: 'a\nb' }, 'eof', 2.5, 'close'],
    stdout: '',
    got: 'a\nb',
    fin: 2,
    seconds: 2.5,
  },
  {
    rule: 'every end starts the idle time again',
    args: '-w 1',
    steps: [0.6, 'eof', 0.6, 'fin'],
    stdout: '',
    got: '',
    fin: 1.2,
    seconds: 1.2,
  },
  {
    rule: '-t passes over a doubled IAC and answers the third octet whatever it is',
    args: '-t',
    steps: [{ send: '\xff\xf6\xff\xff\xfd\x01\xff\xf9\xff\xfd\xff\xfb\x01\xff\xfd' }, 'eof', 0.3, 'fin'],
    stdout: '\xff\xf6\xff\xff\xfd\x01\xff\xf9\xff\xfd\xff\xfb\x01\xff\xfd',
    got: '\xff\xfc\xff',
    fin: 0,
    seconds: 0,
  },
  {
    rule: '-t answers nothing in the last read of -W',
    args: '-t -W 1',
    steps: [{ send: '\xff\xfd\x01' }],
    stdout: '\xff\xfd\x01',
    got: '',
    fin: 0,
    seconds: 0,
  },
  {
    rule: 'a listener ends with its client though its input is open',
    args: '',
    listens: true,
    steps: [{ send: 'x' }, 0.4, 'fin'],
    stdout: 'x',
    got: '',
    fin: 0.4,
    seconds: 0.4,
  },
  {
    rule: '-q hangs up on the client of a listener before it waits',
    args: '-q 1',
    listens: true,
    steps: [{ type: 'hello' }, 0.4, 'eof', 0.3, { send: 'unheard' }],
    stdout: '',
    got: 'hello',
    fin: 0.4,
    seconds: 1.4,
  },
  {
    rule: '-k with -q 0 and -d serves the next client',
    args: '-dk -q 0',
    listens: true,
    steps: [0.3, 'close', 0.5],
    stdout: '',
    got: '',
    seconds: undefined,
  },
]

const ours = builtTool(join(import.meta.dirname, '..'), 'nc-ts')
const tools: readonly (readonly [string, () => readonly [string, readonly string[]]])[] = [
  ['nc.openbsd', () => ['nc.openbsd', []]],
  ['nc-ts', ours.command],
]

/** On a busy machine the tool is late, or we are before we count; most rules are a second apart. */
const SLACK_S = { early: 0.5, late: 0.9 }

function isAbout(time: number): (seconds: number) => boolean {
  return (seconds) => seconds > time - SLACK_S.early && seconds < time + SLACK_S.late
}

describe.each(tools)('%s', (_, command) => {
  it.each(CASES)('$rule', async (example) => {
    const { got, stdout, seconds, fin } = example
    const about = (time: number | undefined) =>
      time === undefined ? undefined : expect.toSatisfy(isAbout(time))
    const exit = seconds === undefined ? undefined : 0
    expect(await observe(command(), example)).toEqual({
      got,
      stdout,
      fin: about(fin),
      seconds: about(seconds),
      exit,
    })
  })
})

async function observe([file, before]: readonly [string, readonly string[]], example: Case) {
  const args = example.args.split(' ').filter((word) => word !== '')
  const { tool, peer } = await met(file, [...before, ...args], example.listens === true)
  const startMs = performance.now()
  const since = (): number => (performance.now() - startMs) / 1000
  const seen: { got: string; stdout: string; fin?: number; seconds?: number; exit?: number | null } = {
    got: '',
    stdout: '',
  }
  tool.once('exit', (exit) => Object.assign(seen, { exit, seconds: since() }))
  const over = once(tool, 'close')
  tool.stdout.on('data', (octets: Buffer) => {
    seen.stdout += octets.toString('latin1')
  })
  peer.on('data', (octets) => {
    seen.got += octets.toString('latin1')
  })
  peer.on('end', () => {
    seen.fin = since()
  })
  try {
    for (const step of example.steps) await play(step, tool, peer)
    if (example.seconds !== undefined) await Promise.race([over, pause(5000)])
    await pause(50)
    return { ...seen }
  } finally {
    tool.kill()
    peer.destroy()
  }
}

/** Starts the tool and meets it at the other end of its connection. */
async function met(file: string, args: readonly string[], listens: boolean) {
  if (!listens) {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const called = once(server, 'connection')
    const tool = spawn(file, [...args, '127.0.0.1', String(portOf(server.address()))])
    const [peer] = (await called) as [Socket]
    server.close()
    return quiet(tool, peer)
  }
  const tool = spawn(file, [...args, '-lv', '127.0.0.1', '0'])
  const peer = connect({ port: await announced(tool), host: '127.0.0.1', allowHalfOpen: true })
  await once(peer, 'connect')
  return quiet(tool, peer)
}

function portOf(address: ReturnType<Server['address']>): number {
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The port in `Listening on localhost 4000`. */
async function announced(tool: ChildProcessWithoutNullStreams): Promise<number> {
  let text = ''
  for await (const octets of tool.stderr) {
    text += String(octets)
    const port = /^Listening on \S+ (\d+)$/m.exec(text)?.[1]
    if (port !== undefined) return Number(port)
  }
  throw new Error(`it does not listen: ${text}`)
}

/** Resets and closed pipes are part of the cases. */
function quiet(tool: ChildProcessWithoutNullStreams, peer: Socket) {
  tool.stdin.on('error', () => {})
  peer.on('error', () => {})
  return { tool, peer }
}

async function play(step: Step, { stdin }: ChildProcessWithoutNullStreams, peer: Socket): Promise<void> {
  if (typeof step === 'number') await pause(step * 1000)
  else if (step === 'eof') stdin.end()
  else if (step === 'fin') peer.end()
  else if (step === 'rst') peer.resetAndDestroy()
  else if (step === 'close') peer.destroySoon()
  else if ('type' in step) stdin.write(step.type)
  else peer.write(step.send, 'latin1')
}
