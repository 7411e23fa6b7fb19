import { expect, it } from 'vitest'
import { interruptedBySignals } from '../src/io/node/signals.ts'
import { tcpConnect } from '../src/probes/tcp-connect.ts'
import { schedule } from '../src/run/schedule.ts'
import { simIo } from '../src/sim/sim.ts'

it('lets many probes overlap without a warning of Node', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  const io = simIo({ ports: { '10.0.0.2:22': { does: 'drop' } } })
  const target = { host: 'db', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' } as const
  const plan = { lanes: [{ target }], count: 40, interval: 1, timeoutMs: 500 }
  let results = 0
  for await (const _ of schedule(tcpConnect(), plan, io)) results++
  await new Promise(setImmediate)
  process.off('warning', listen)
  expect(results).toBe(40)
  expect(warnings).toEqual([])
})

it('lets many wait for the signal that ends the program without a warning of Node', async () => {
  const warnings: Error[] = []
  const listen = (warning: Error) => void warnings.push(warning)
  process.on('warning', listen)
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const before = names.map((name) => process.listeners(name))
  const signal = interruptedBySignals()
  for (let i = 0; i < 40; i++) signal.addEventListener('abort', () => {})
  await new Promise(setImmediate)
  process.off('warning', listen)
  for (const [i, name] of names.entries()) {
    for (const added of process.listeners(name)) if (!before[i]?.includes(added)) process.off(name, added)
  }
  expect(warnings).toEqual([])
})
