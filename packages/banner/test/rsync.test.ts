import { expect, it } from 'vitest'
import { rsync } from '../src/protocols/files/rsync.ts'
import { detectorTests, recorded } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const [greeting] = recorded('rsyncd')
const found = { protocol: 'rsync', info: 'protocol 32.0' }
const digests = ['sha512', 'sha256', 'sha1', 'md5', 'md4']

detectorTests(rsync, [
  {
    title: 'by its greeting (rsync 3.5)',
    octets: greeting?.octets ?? '',
    service: { ...found, details: { digests } },
  },
  {
    title: 'by that of an older one',
    octets: '@RSYNCD: 31.0\n',
    service: { protocol: 'rsync', info: 'protocol 31.0' },
  },
  { title: 'not without a version', octets: '@RSYNCD: EXIT\n', service: undefined },
  { title: 'not by a list of modules', octets: 'pub            \t\n@RSYNCD: EXIT\n', service: undefined },
  { title: 'not by something like it', octets: '@RSYNC 1\n', service: undefined },
])

const GREETING = '@RSYNCD: 32.0 sha512 md5\nWelcome to us\n\n'

it.each([[undefined], [[1]], [[7, 2]]])(
  'tells the modules, however they were split: %j',
  async (segments) => {
    const says = 'pub            \tFor all\na-very-long-name-it-is\t\n@RSYNCD: EXIT\nnot read\t\n'
    const peer = scriptedDialogue(
      [{ says: GREETING }, { hears: '@RSYNCD: 31.0\n#list\n', says }],
      segments === undefined ? {} : { segments },
    )
    expect(await rsync.ask?.({ ...found, details: { digests: ['md5'] } }, peer)).toEqual({
      ...found,
      details: { digests: ['md5'], message: 'Welcome to us', modules: ['pub', 'a-very-long-name-it-is'] },
    })
  },
)

it('tells why it got no modules', async () => {
  const says = '@ERROR: max connections (2) reached -- try again later\n'
  const peer = scriptedDialogue([{ says: GREETING }, { hears: () => true, says }])
  expect(await rsync.ask?.(found, peer)).toEqual({
    ...found,
    details: { message: 'Welcome to us', error: 'max connections (2) reached -- try again later' },
  })
})

it('does not read modules without end', async () => {
  const says = `${'m'.padEnd(15)}\t\n`.repeat(1000)
  const peer = scriptedDialogue([{ says: '@RSYNCD: 31.0\n' }, { hears: () => true, says }])
  expect(await rsync.ask?.(found, peer)).toHaveProperty('details.modules.length', 50)
})

it('says what it knew when nothing more comes', async () => {
  const peer = scriptedDialogue([{ says: '@RSYNCD: 31.0\n', closes: true }])
  expect(await rsync.ask?.(found, peer)).toEqual(found)
})
