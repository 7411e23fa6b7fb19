import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { allSay, hasStates, saysWeb } from '../demo.mjs'
import { closedPort, openPort, stealthPort, webPort } from '../demo-ports.mjs'

const line = (word: string, seq: number) => `${word} from 127.0.0.1:9: seq=${seq} time=0.1 ms\n`
const three = (...words: string[]) => words.map((word, at) => line(word, at + 1)).join('')

it.each([
  [true, three('open', 'open', 'open'), 'open'],
  [true, `TCPING x\n${three('closed', 'closed', 'closed')}3 open, seq=4 nonsense\n`, 'closed'],
  [true, 'stealth 127.0.0.1:9: seq=1 no answer\n'.repeat(3), 'stealth'],
  [false, three('open', 'open'), 'open'],
  [false, three('open', 'closed', 'open'), 'open'],
  [false, three('closed', 'closed', 'closed'), 'open'],
  [false, '', 'open'],
])('says %s to %j where %s is expected', (verdict, output, word) => {
  expect(allSay(output, word)).toBe(verdict)
})

it.each([
  [true, '43283/tcp  open     http        200 OK "A page on loopback"  [probe]\n'],
  [false, '43283/tcp  open     (http?)     silent  [port table]\n'],
  [false, ''],
])('says %s to %j where a web page is expected', (verdict, output) => {
  expect(saysWeb(output)).toBe(verdict)
})

it.each([
  [true, '7/tcp open     unknown syn-ack\n9/tcp filtered discard no-response\n'],
  [false, '7/tcp open     unknown syn-ack\n9/tcp closed   discard conn-refused\n'],
  [false, '7/tcp open     unknown syn-ack\n'],
  [false, '7/tcp open     unknown syn-ack\n8/tcp filtered unknown no-response\n'],
  [false, ''],
])('says %s to %j where 7 is expected to be open, and 9 filtered', (verdict, output) => {
  const states = new Map([
    [7, 'open'],
    [9, 'filtered'],
  ])
  expect(hasStates(output, states)).toBe(verdict)
})

it('makes a port with a web page', async () => {
  const made = await webPort()
  onTestFinished(made.close)
  const answer = await fetch(`http://127.0.0.1:${made.port}/`, { headers: { connection: 'close' } })
  expect(await answer.text()).toBe('<title>A page on loopback</title>\n')
})

async function answerOf(port: number): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  return await once(socket, 'connect').then(
    () => 'connect',
    (error) => error.code,
  )
}

it('makes a port that accepts', async () => {
  const made = await openPort()
  onTestFinished(made.close)
  expect(await answerOf(made.port)).toBe('connect')
})

it('makes a port that refuses', async () => {
  const made = await closedPort()
  onTestFinished(made.close)
  expect(await answerOf(made.port)).toBe('ECONNREFUSED')
})

it('makes a port that stays silent until it is closed', { timeout: 20_000 }, async (context) => {
  context.skip(process.platform !== 'linux', 'needs Linux, which drops SYNs when the accept queue is full')
  const made = await stealthPort()
  if (made === undefined) throw new Error('this Linux answers in spite of a full accept queue')
  const early = answerOf(made.port)
  made.close()
  expect(await early).toBe('ECONNREFUSED')
})
