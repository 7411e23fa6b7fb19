import { expect, it } from 'vitest'
import { torControl } from '../src/protocols/tunnels/tor-control.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const found = { protocol: 'tor-control', product: 'Tor' }
const INFO =
  '250-PROTOCOLINFO 1\r\n250-AUTH METHODS=COOKIE,SAFECOOKIE COOKIEFILE="/run/tor/control.authcookie"\r\n' +
  '250-VERSION Tor="0.4.7.16"\r\n250 OK\r\n'

detectorTests(torControl, [
  { title: 'by what it tells of itself', octets: INFO, service: found },
  { title: 'by its refusal', octets: '514 Authentication required.\r\n', service: found },
  { title: 'not by other refusals', octets: '514 Authentication required\r\n', service: undefined },
  { title: 'not by FTP', octets: '250-Features\r\n', service: undefined },
])

it.each([[undefined], [[1]], [[13]]])('tells its version, however that was split: %j', async (segments) => {
  const peer = scriptedDialogue([{ says: INFO }], segments === undefined ? {} : { segments })
  const details = { 'auth methods': ['COOKIE', 'SAFECOOKIE'] }
  expect(await torControl.ask?.(found, peer)).toEqual({ ...found, version: '0.4.7.16', details })
})

it.each([
  '514 Authentication required.\r\n',
  '250-PROTOCOLINFO 1\r\n',
  `250-PROTOCOLINFO 1\r\n${'250-X\r\n'.repeat(99)}`,
])('says what it knew after %j', async (says) => {
  expect(await torControl.ask?.(found, scriptedDialogue([{ says }]))).toEqual(found)
})
