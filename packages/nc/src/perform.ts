import { connectPorts } from './connect/connect-ports.ts'
import type { Run } from './run.ts'

/** Does what the settings say; gives the exit status. What a simple check never needs is loaded only when it is. */
export async function perform(run: Run): Promise<number> {
  const { task, transport, tls } = run.settings
  if (tls !== undefined) (await import('./connect/secure.ts')).readTlsFiles(run.io, tls)
  switch (task.kind) {
    case 'connect':
      if (transport === 'udp') return (await import('./connect/udp-client.ts')).udpClient(run, task)
      return connectPorts(run, task)
    case 'listen':
      if (transport === 'udp') return (await import('./listen/udp-listener.ts')).udpListener(run, task)
      return (await import('./listen/tcp-listener.ts')).tcpListener(run, task)
    case 'connect-unix':
      return (await import('./connect/unix-client.ts')).unixClient(run, task.path)
    case 'listen-unix':
      return (await import('./listen/unix-listener.ts')).unixListener(run, task.path)
  }
}
