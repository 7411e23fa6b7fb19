import type { Protocol } from '../model/protocol.ts'

/**
 * The protocols that most people ask for, at the ports where they usually are: where they answer, the table with all
 * others need not be loaded, which takes milliseconds. undefined at other ports.
 */
export function earlyAt(port: number): (() => Promise<Protocol>) | undefined {
  switch (port) {
    case 22:
      return async () => (await import('./shells/ssh.ts')).ssh
    case 80:
      return async () => (await import('./web/http.ts')).http
    default:
      return undefined
  }
}
