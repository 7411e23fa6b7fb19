import type { UserRequest } from '../io.ts'
import { hasTerminal, inForeground } from './foreground.ts'

/** Listens for what the person at the terminal asks for (see System.onRequest). */
export function listenForRequests(listener: (request: UserRequest) => void): () => void {
  const on: [NodeJS.Signals, () => void][] = [
    ['SIGQUIT', () => listener('status')],
    ['SIGWINCH', () => listener('resize')],
    // Whoever stopped us may have left anything on the screen.
    ['SIGCONT', () => listener('resize')],
  ]
  // Ctrl-T exists on the BSDs and macOS only; elsewhere Node refuses to listen for it.
  if (process.platform === 'darwin' || process.platform === 'freebsd')
    on.push(['SIGINFO', () => listener('status')])
  const stopKeys = mayRead() ? listenForEnter(() => listener('summary'), on) : () => {}
  for (const [signal, handler] of on) process.on(signal, handler)
  return () => {
    for (const [signal, handler] of on) process.off(signal, handler)
    stopKeys()
  }
}

/** Takes Ctrl-Z for the tool (see System.onSuspend); where the system does not know that signal nobody can send it. */
export function listenForSuspend(listener: () => void): () => void {
  if (process.platform === 'win32') return () => {}
  process.on('SIGTSTP', listener)
  return () => process.off('SIGTSTP', listener)
}

/** A background process that reads from its terminal is stopped by the system: read in the foreground only. */
function listenForEnter(enter: () => void, on: [NodeJS.Signals, () => void][]): () => void {
  const { stdin } = process
  const follow = (): void => {
    if (inForeground()) stdin.resume().unref()
    else stdin.pause()
  }
  stdin.on('data', enter).on('error', () => stdin.pause())
  on.push(['SIGCONT', follow])
  follow()
  return () => {
    stdin.off('data', enter)
    stdin.pause()
  }
}

/** Opening stdin costs milliseconds: only where somebody may press a key. */
function mayRead(): boolean {
  return hasTerminal() && process.stdin.isTTY === true
}
