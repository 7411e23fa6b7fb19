import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { NpingWorld } from '@portkit/lab/nping-world'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { examplesIn, readme, section } from './readme-kit.ts'

/** Examples there are run without CAP_NET_RAW. */
const WITHOUT_RIGHTS = '## Privileges'
const NOBODY = 'setpriv --reuid=65534 --regid=65534 --clear-groups'

/** What differs from run to run: times, dates, random numbers, and what a kernel chooses. */
const MASKS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'DATE'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'DATE'],
  [/nping-ts \d+\.\d+\.\d+/g, 'NAME'],
  [/\(\d+\.\d{4}s\)/g, '(TIME)'],
  [/[\d.]+(?:\/[\d.]+)*ms/g, 'RTT'],
  [/in [\d.]+ seconds/g, 'in TIME seconds'],
  [/(\b(?:id|seq|flow|csum)=)\w+/g, '$1N'],
  [/((?:10\.77\.0\.1|fd77::1)):\d+/g, '$1:PORT'],
  [/"(rttMs|elapsedMs|min|avg|max|median|p95|p99|mdev|jitter|port)":[\d.]+/g, '"$1":N'],
  [/"(seq|id|ipId|ack|window)":\d+/g, '"$1":N'],
  [/ +/g, ' '],
]

const masked = (text: string): string =>
  MASKS.reduce((so, [pattern, word]) => so.replaceAll(pattern, word), text).trim()

const examples = examplesIn(readme).map(({ command, output }) => ({
  command,
  output,
  wrapper: section(WITHOUT_RIGHTS).includes(`$ ${command}\n`) ? NOBODY : '',
}))

const lacks = missing(['bash', 'setpriv', 'tail'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

describe.skipIf(skipped !== '')(`the examples of the README${skipped}`, () => {
  const world = new NpingWorld()
  let folder = ''

  beforeAll(async () => {
    folder = buildTool(join(import.meta.dirname, '..'), 'nping-ts')
    await world.up()
  })

  afterAll(async () => {
    await world.remove()
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  it('are many', () => {
    expect(examples.length).toBeGreaterThan(12)
  })

  it.each(examples)('print what is printed there: $command', async ({ command, output, wrapper }) => {
    const tool = `${wrapper} '${process.execPath}' '${join(folder, 'nping-ts.cjs')}'`
    const script = `cd '${folder}' && ${command.replaceAll(/\bnping-ts\b/g, tool)} 2>&1`
    const { stdout } = await world.exec('bash', ['-c', script], { timeoutMs: 30_000 })
    expect(masked(stdout)).toBe(masked(output))
  })
})
