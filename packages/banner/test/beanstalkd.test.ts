import { describe, expect, it } from 'vitest'
import { beanstalkd } from '../src/protocols/queues/beanstalkd.ts'
import { contextOf, detectorTests, octetsOf } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const ok = (yaml: string): string => `OK ${yaml.length}\r\n${yaml}\r\n`
const older = ok(
  '---\ncurrent-jobs-urgent: 0\ncmd-put: 0\npid: 12\nversion: 1.12\nuptime: 9\nhostname: mq1\n',
)
const newer = ok(
  '---\ncurrent-jobs-urgent: 0\nversion: "1.13"\nhostname: "mq1"\nos: "#1 SMP Debian 6.1"\nplatform: "x86_64"\n',
)
const service = { protocol: 'beanstalkd', product: 'Beanstalkd', version: '1.12', hostname: 'mq1' }
const unknown = { protocol: 'beanstalkd' }

detectorTests(beanstalkd, [
  { title: 'with its version', octets: older, service },
  {
    title: 'with its version and system in quotes',
    octets: newer,
    service: { ...service, version: '1.13', os: '#1 SMP Debian 6.1' },
  },
  { title: 'by not knowing a command', octets: 'UNKNOWN_COMMAND\r\nUNKNOWN_COMMAND\r\n', service: unknown },
  { title: 'not by a cut list', octets: older.slice(0, 60), service: undefined },
  { title: 'not by another list', octets: ok('---\nversion: 1\n'), service: undefined },
  { title: 'not by OK', octets: 'OK 5\r\nhello\r\n', service: undefined },
  { title: 'not by the greeting of MPD', octets: 'OK MPD 0.23.5\n', service: undefined },
])

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', 'OKAY', 'OK M', 'OK 9\r\nx', 'UNKNOWN_X'])
    expect(beanstalkd.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})

describe('asking for more of beanstalkd', () => {
  const first = { says: 'UNKNOWN_COMMAND\r\nUNKNOWN_COMMAND\r\n' }

  it.each([[[1]], [[20]], [[1000]]])(
    'reads the list behind the first answer, in segments of %j',
    async (segments) => {
      const dialogue = scriptedDialogue([first, { hears: 'stats\r\n', says: older }], { segments })
      expect(await beanstalkd.ask?.(unknown, dialogue)).toEqual(service)
    },
  )

  it.each(['', 'OK 99999\r\n', 'what?\r\n', 'UNKNOWN_COMMAND\r\n'.repeat(600)])(
    'keeps what it knew otherwise',
    async (says) => {
      const dialogue = scriptedDialogue([first, { hears: 'stats\r\n', says }])
      expect(await beanstalkd.ask?.(unknown, dialogue)).toEqual(unknown)
    },
  )

  it('asks nothing when it knows the version', async () => {
    const dialogue = scriptedDialogue([])
    expect(await beanstalkd.ask?.(service, dialogue)).toEqual(service)
    expect(dialogue.sent).toEqual([])
  })
})
