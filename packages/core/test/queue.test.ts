import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createQueue } from '../src/run/queue.ts'

it('hands on every value in order, then ends', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer()), async (values) => {
      const queue = createQueue<number>()
      for (const value of values) queue.push(value)
      queue.end()
      const seen: number[] = []
      for await (const value of queue) seen.push(value)
      expect(seen).toEqual(values)
    }),
  )
})

it('gives what it has before it fails', async () => {
  const queue = createQueue<number>()
  queue.push(1)
  queue.fail(new Error('broken'))
  const reader = queue[Symbol.asyncIterator]()
  expect(await reader.next()).toEqual({ done: false, value: 1 })
  await expect(reader.next()).rejects.toThrow('broken')
})

it('lets a producer wait until the reader keeps up', async () => {
  const queue = createQueue<number>()
  for (let i = 0; i < 5; i++) queue.push(i)
  let room = false
  const waiting = queue.below(2).then(() => {
    room = true
  })
  const reader = queue[Symbol.asyncIterator]()
  await reader.next()
  await reader.next()
  expect(room).toBe(false)
  await reader.next()
  await reader.next()
  await waiting
  expect(queue.size).toBeLessThanOrEqual(2)
})

it('releases waiting producers when it ends', async () => {
  const queue = createQueue<number>()
  queue.push(1)
  const waiting = queue.below(0)
  queue.end()
  await expect(waiting).resolves.toBeUndefined()
})
