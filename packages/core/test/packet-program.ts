import { nodeClock } from '../src/io/node/node-clock.ts'
import type { BackendChoice, PacketChannel } from '../src/io/packets.ts'
import { createPackets } from '../src/io/packets-io.ts'
import { sightOf, synTo, tcpInterest } from './packet-kit.ts'

/**
 * Sends a SYN, says who carried it and what came back, and ends by itself: nothing may hold it. While it waits nothing
 * else happens in it and nothing else refers to the channel, unless Node was told to let it collect the garbage.
 */
const [, , backend = 'auto', remote = '', port = ''] = process.argv
const OURS = 40_000

async function run(choice: BackendChoice): Promise<void> {
  const packets = createPackets(nodeClock)
  const obstacle = await packets.obstacle(choice)
  if (obstacle !== undefined) process.stdout.write(`obstacle ${obstacle.code}: ${obstacle.message}\n`)
  const family = remote.includes(':') ? 6 : 4
  const { source } = await packets.route({ address: remote, family }, {})
  const request = { interests: [tcpInterest(OURS, OURS)], departures: false, snapLength: 128 }
  const channel = await packets.open({ ...request, backend: choice, families: [family] })
  await channel.send([synTo({ local: source, remote }, OURS, Number(port))])
  const collecting = globalThis.gc && setInterval(() => globalThis.gc?.(), 10)
  process.stdout.write(`${channel.backend}: ${await first(channel)}\n`)
  clearInterval(collecting)
  channel.close()
}

async function first(channel: PacketChannel): Promise<string> {
  const words: string[] = []
  while (channel.drain((seen) => void words.push(sightOf(seen).what)) === 0) {
    await channel.ready(new AbortController().signal)
  }
  return words.join(', ')
}

run(backend as BackendChoice).catch((error: Error & { code?: string }) => {
  process.stdout.write(`${error.name} ${error.code}: ${error.message}\n`)
})
