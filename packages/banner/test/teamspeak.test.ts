import { expect, it } from 'vitest'
import { teamspeak } from '../src/protocols/talk/teamspeak.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const GREETING =
  'TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface, type "help" for a list of commands.\n\r'
const found = { protocol: 'teamspeak', product: 'TeamSpeak' }

detectorTests(teamspeak, [
  { title: 'by its greeting', octets: GREETING, service: found },
  { title: 'not by its name', octets: 'TS3\n\r', service: undefined },
  { title: 'not by something like it', octets: 'TS3\r\nWelcome', service: undefined },
])

it.each([[[1]], [[50]]])('tells the version, however it was split: %j', async (segments) => {
  const says = 'version=3.13.7 build=1655727713 platform=Linux\n\rerror id=0 msg=ok\n\r'
  const peer = scriptedDialogue([{ says: GREETING }, { hears: 'version\n', says }], { segments })
  const details = { build: '1655727713' }
  expect(await teamspeak.ask?.(found, peer)).toEqual({ ...found, version: '3.13.7', os: 'Linux', details })
})

it.each(['', 'error id=1 msg=no\n\r', 'x\n\r'.repeat(100)])('says what it knew after %j', async (says) => {
  const peer = scriptedDialogue([{ says: GREETING }, { hears: 'version\n', says }])
  expect(await teamspeak.ask?.(found, peer)).toEqual(found)
})
