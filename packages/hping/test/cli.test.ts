import { runCli } from '@portkit/core'
import { simIo } from '@portkit/core/sim'
import { expect, it } from 'vitest'
import { hpingTs } from '../src/cli.ts'

async function run(...argv: readonly string[]) {
  const said = { out: '', err: '' }
  const status = await runCli(
    hpingTs(),
    argv,
    simIo({ ports: {} }),
    ({ to, text }) => {
      said[to] += text
      return true
    },
    { version: '1.2.3' },
  )
  return { ...said, status }
}

it.each([[['-o', 'help']], [['-ohelp', '10.0.0.1']], [['--tos=help', '-S', '-C', '8']]])(
  'lists usual types of service, whatever else was asked for: %j',
  async (argv) => {
    const { out, err, status } = await run(...argv)
    expect({ err, status }).toEqual({ err: '', status: 0 })
    expect(out).toMatch(/^ {3}10 {2}low delay/m)
    expect(out).toMatch(/^ {3}b8 {2}expedited forwarding/m)
  },
)

it.each([
  [['-S'], 2, 'hping-ts: no host: whom to ping?\n'],
  [['--exit-code', 'state', '-S'], 3, 'hping-ts: no host: whom to ping?\n'],
  [['-S', '-p', '65558', 'a.lan'], 2, /^hping-ts: -p: not a port .*: 65558\n$/],
])('says in one line what is wrong and sends nothing: %j', async (argv, status, words) => {
  const { out, err, status: ended } = await run(...argv)
  expect({ out, status: ended }).toEqual({ out: '', status })
  if (typeof words === 'string') expect(err).toBe(words)
  else expect(err).toMatch(words)
})
