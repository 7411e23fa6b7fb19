import { closeSync, openSync, writeSync } from 'node:fs'
import type { ReadStream } from 'node:tty'
import { builtin } from '../builtin.ts'

/** A terminal may be pasted into; no secret is longer. */
const LONGEST = 1024
const END = new Set(['\r', '\n', '\u0004'])
const ERASE = new Set(['\b', '\u007f'])
const ERASE_ALL = '\u0015'
const INTERRUPT = '\u0003'

/**
 * Asks on /dev/tty with echo off (as readpassphrase(3)): Enter and Ctrl-D end the answer, Backspace and Ctrl-U erase,
 * Ctrl-C is SIGINT for this process. undefined where there is no terminal, it hangs up, or a SIGINT is survived.
 */
export async function askSecret(question: string): Promise<string | undefined> {
  const terminal = openTerminal()
  if (terminal === undefined) return undefined
  const { fd, stream } = terminal
  try {
    stream.setRawMode(true)
    writeSync(fd, question)
    const answer = await answerFrom(stream)
    writeSync(fd, '\n')
    return answer
  } catch {
    return undefined
  } finally {
    stream.setRawMode(false)
    stream.destroy()
  }
}

function openTerminal(): { readonly fd: number; readonly stream: ReadStream } | undefined {
  let fd: number | undefined
  try {
    fd = openSync('/dev/tty', 'r+')
    const { ReadStream } = builtin<typeof import('node:tty')>('node:tty')
    return { fd, stream: new ReadStream(fd) }
  } catch {
    if (fd !== undefined) closeSync(fd)
    return undefined
  }
}

function answerFrom(stream: ReadStream): Promise<string | undefined> {
  let answer: readonly string[] = []
  return new Promise((resolve) => {
    /** Whether this key ended the answer. */
    const take = (key: string): boolean => {
      if (END.has(key)) resolve(answer.join(''))
      else if (key === INTERRUPT) interrupt(stream, () => resolve(undefined))
      else answer = edited(answer, key)
      return END.has(key) || key === INTERRUPT
    }
    stream.setEncoding('utf8')
    stream.on('data', (text) => void [...String(text)].some(take))
    stream.on('error', () => resolve(undefined))
    stream.on('end', () => resolve(undefined))
  })
}

function edited(answer: readonly string[], key: string): readonly string[] {
  if (key === ERASE_ALL) return []
  if (ERASE.has(key)) return answer.slice(0, -1)
  return answer.length < LONGEST ? [...answer, key] : answer
}

/** The terminal is as it was before the signal may end the process. */
function interrupt(stream: ReadStream, survived: () => void): void {
  stream.setRawMode(false)
  process.kill(process.pid, 'SIGINT')
  survived()
}
