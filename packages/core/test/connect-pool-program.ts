import { createServer, type Server } from 'node:net'
import type { ClockChoice } from '../src/io/io.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import { createNet } from '../src/io/node-io.ts'
import { createConnectPool } from '../src/run/connect-pool.ts'

/** Asks a closed port 300 times, as many at once as go, and an open one now and then; prints what came of it. */
const [, , choice = 'auto'] = process.argv
const COUNT = 300

async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => socket.on('error', () => {}).destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { server, port: (server.address() as { port: number }).port }
}

async function run(): Promise<void> {
  const { server, port: open } = await listen()
  const { server: closing, port: closed } = await listen()
  await new Promise((resolve) => closing.close(resolve))
  const pool = createConnectPool(await createNet(choice as ClockChoice), nodeClock, {})
  const { signal } = new AbortController()
  const waiting = Array.from({ length: COUNT }, (_, tag) => tag)
  const outcomes: Record<string, number> = {}
  const faults = new Set<string>()
  let most = 0
  let done = 0
  const fire = (): void => {
    for (let tag = waiting.pop(); tag !== undefined; tag = waiting.pop()) {
      const port = tag % 50 === 0 ? open : closed
      const fault = pool.begin({ address: '127.0.0.1', family: 4 }, port, tag)
      most = Math.max(most, pool.flying)
      if (fault === undefined) continue
      faults.add(fault.code)
      waiting.push(tag)
      return
    }
  }
  while (done < COUNT) {
    fire()
    await pool.ready(1000, signal)
    pool.collect(
      (_tag, { kind }) => {
        done++
        outcomes[kind] = (outcomes[kind] ?? 0) + 1
      },
      (tag, fault) => {
        faults.add(fault.code)
        waiting.push(tag)
      },
    )
  }
  pool.close()
  server.close()
  process.stdout.write(JSON.stringify({ outcomes, faults: [...faults], isCrowded: most > 10 }))
}

void run()
