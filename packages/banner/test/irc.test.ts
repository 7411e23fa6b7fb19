import { describe, expect, it } from 'vitest'
import { irc } from '../src/protocols/talk/irc.ts'
import { detectorTests, probeOf } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

detectorTests(irc, [
  {
    title: "ngIRCd, by its answer to HTTP's GET",
    octets: 'ERROR :"Oops, HTTP request received? This is IRC!"\r\n',
    context: { asked: 'http' },
    service: { protocol: 'irc', info: 'ERROR: "Oops, HTTP request received? This is IRC!"' },
  },
  {
    title: 'by a notice with its name',
    octets: ':irc.example.org NOTICE * :*** Looking up your hostname...\r\n',
    service: { protocol: 'irc', hostname: 'irc.example.org' },
  },
  {
    title: 'by a notice without one',
    octets: 'NOTICE AUTH :*** Looking up your hostname\r\n',
    service: { protocol: 'irc' },
  },
  {
    title: 'by its welcome',
    octets: ':irc.example.org 001 pk :Welcome to the network\r\n',
    context: { asked: 'irc' },
    service: { protocol: 'irc', hostname: 'irc.example.org' },
  },
  { title: 'not by an error of others', octets: 'ERROR\r\n', service: undefined },
  { title: 'not by a colon', octets: ':hello world\r\n', service: undefined },
  { title: 'not by a clock', octets: ':12 004 x\r\n', service: undefined },
])

const REGISTRATION = /^NICK pk[a-z0-9]{1,6}\r\nUSER portkit 0 \* :portkit\r\n$/
const registers = (octets: Uint8Array): boolean => REGISTRATION.test(String.fromCharCode(...octets))

describe('irc', () => {
  const service = { protocol: 'irc' }
  const WELCOME =
    ':irc.lan 001 pk :Welcome\r\n:irc.lan 002 pk :Your host is irc.lan\r\n:irc.lan 004 pk irc.lan ngircd-26.1 ai bn\r\n'

  it('registers in valid words', () => {
    expect(registers(probeOf(irc))).toBe(true)
    expect(registers(probeOf(irc, { random: () => 0 }))).toBe(true)
    expect(registers(probeOf(irc, { random: () => 2 ** 32 - 1 }))).toBe(true)
  })

  it.each([[[1]], [[50]]])('tells its version in its welcome, in segments of %j', async (segments) => {
    const dialogue = scriptedDialogue([{ says: WELCOME }, { hears: 'QUIT\r\n' }], { segments })
    expect(await irc.ask?.(service, dialogue)).toEqual({
      protocol: 'irc',
      hostname: 'irc.lan',
      product: 'ngIRCd',
      version: '26.1',
    })
  })

  it('is registered with after its greeting, and its ping is answered', async () => {
    const dialogue = scriptedDialogue([
      { says: ':irc.lan NOTICE * :*** Looking up your hostname...\r\n' },
      { hears: registers, says: 'PING :4711\r\n' },
      { hears: 'PONG :4711\r\n', says: WELCOME.replace('ngircd-26.1', 'InspIRCd-3') },
      { hears: 'QUIT\r\n' },
    ])
    expect(await irc.ask?.(service, dialogue)).toMatchObject({ product: 'InspIRCd', version: '3' })
  })

  it.each([
    ['an error', 'ERROR :Closing link\r\n'],
    ['a nickname in use', ':irc.lan 433 * pk :Nickname is already in use\r\n'],
    ['a welcome without a version', ':irc.lan 004 pk\r\n'],
    ['no end of lines', ':irc.lan NOTICE x :y\r\n'.repeat(3)],
  ])('says what it knew after %s', async (_, says) => {
    const dialogue = scriptedDialogue([{ says }, { hears: () => true }, { hears: () => true }])
    expect(await irc.ask?.(service, dialogue)).toEqual(service)
  })
})
