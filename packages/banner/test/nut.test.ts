import { expect, it } from 'vitest'
import { nut } from '../src/protocols/machines/nut.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const VERSION = 'Network UPS Tools upsd 2.8.0 - http://www.networkupstools.org/\n'
const upsd = { protocol: 'nut', product: 'Network UPS Tools upsd', version: '2.8.0' }

detectorTests(nut, [
  { title: 'by its version (upsd 2.8.0)', octets: VERSION, service: upsd },
  { title: 'by its answer to GET', octets: 'ERR INVALID-ARGUMENT\n', service: { protocol: 'nut' } },
  {
    title: 'by its answer to an unknown word',
    octets: 'ERR UNKNOWN-COMMAND\n',
    service: { protocol: 'nut' },
  },
  { title: 'not by other errors', octets: 'ERR INVALID-ARGUMENTS\n', service: undefined },
  { title: 'not without a version', octets: 'Network UPS Tools upsd \n', service: undefined },
])

it('asks for the version behind the errors', async () => {
  const peer = scriptedDialogue(
    [{ says: 'ERR INVALID-ARGUMENT\nERR UNKNOWN-COMMAND\n' }, { hears: 'VER\n', says: VERSION }],
    { segments: [5] },
  )
  expect(await nut.ask?.({ protocol: 'nut' }, peer)).toEqual(upsd)
})

it.each(['ERR ACCESS-DENIED\n'.repeat(20), ''])('gives up when no version comes: %j', async (says) => {
  const peer = scriptedDialogue([{ hears: 'VER\n', says }])
  expect(await nut.ask?.({ protocol: 'nut' }, peer)).toEqual({ protocol: 'nut' })
})
