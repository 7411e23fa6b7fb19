import { expect, it } from 'vitest'
import { err, out } from '../src/cli/line.ts'
import { type Say, talk } from '../src/cli/talk.ts'

async function heard<T>(work: (say: Say) => Promise<T>) {
  const lines: string[] = []
  const talking = talk(work)
  for (;;) {
    const step = await talking.next()
    if (step.done === true) return { lines, value: step.value }
    lines.push(step.value.text)
  }
}

it('yields what is said, in order, then the value of the work', async () => {
  const { lines, value } = await heard(async (say) => {
    await say(out('one'))
    await Promise.all([say(err('two')), say(out('three'))])
    return 7
  })
  expect(lines).toEqual(['one', 'two', 'three'])
  expect(value).toBe(7)
})

it('goes on only when the line is written', async () => {
  const seen: string[] = []
  const talking = talk(async (say) => {
    await say(out('one'))
    seen.push('said')
  })
  await talking.next()
  expect(seen).toEqual([])
  await talking.next()
  expect(seen).toEqual(['said'])
})

it('passes an error on after the lines before it', async () => {
  const talking = talk(async (say) => {
    await say(out('one'))
    throw new Error('broken')
  })
  expect((await talking.next()).value).toEqual(out('one'))
  await expect(talking.next()).rejects.toThrow('broken')
})

it('ends the work at its next word once nobody listens', async () => {
  const end = await new Promise((resolve) => {
    const talking = talk(async (say) => {
      try {
        for (;;) await say(out('again'))
      } catch (error) {
        resolve(error)
      }
    })
    void talking.next().then(() => talking.return(undefined as never))
  })
  expect(end).toBeInstanceOf(Error)
})
