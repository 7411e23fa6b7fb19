import { describe, expect, it } from 'vitest'
import { xmpp } from '../src/protocols/talk/xmpp.ts'
import { detectorTests, probeOf, WISHES } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const STREAM =
  "<?xml version='1.0'?><stream:stream xmlns:db='jabber:server:dialback' xmlns:stream='http://etherx.jabber.org/streams'" +
  " version='1.0' from='db.lan' id='4e0a' xml:lang='en' xmlns='jabber:client'>"
const FEATURES =
  "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls><mechanisms " +
  "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism></mechanisms>" +
  "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='http://prosody.im' ver='x='/></stream:features>"

detectorTests(xmpp, [
  { title: 'by its stream', octets: STREAM, service: { protocol: 'xmpp', hostname: 'db.lan' } },
  {
    title: 'without a declaration, in an answer to no XML at all',
    octets: '<stream:stream xmlns="jabber:server"><stream:error><not-well-formed/></stream:error>',
    context: { asked: 'http' },
    service: { protocol: 'xmpp', info: 'for servers' },
  },
  { title: 'not by other XML', octets: '<?xml version="1.0"?><html></html>', service: undefined },
  { title: 'not by HTML', octets: '<html><stream:stream></html>', service: undefined },
  { title: 'not without an end', octets: `<stream:stream ${'a'.repeat(5000)}`, service: undefined },
  { title: 'not by half a declaration', octets: '<?xml version=', service: undefined },
])

const header = (octets: Uint8Array): boolean => String.fromCharCode(...octets).includes("to='db.lan'")
const END = { hears: '</stream:stream>' }

describe('xmpp', () => {
  const service = { protocol: 'xmpp' }

  it('asks for the host without letting its name out of the attribute', () => {
    const wishes = { ...WISHES, serverName: "x'><y/>.lan" }
    const text = String.fromCharCode(...probeOf(xmpp, { wishes }))
    expect(text).toContain("to='xy.lan'")
  })

  it.each([[[1]], [[100]]])('tells the features of its stream, in segments of %j', async (segments) => {
    const dialogue = scriptedDialogue([{ says: STREAM + FEATURES }, END], { segments })
    expect(await xmpp.ask?.(service, dialogue)).toEqual({
      protocol: 'xmpp',
      product: 'Prosody',
      info: 'STARTTLS required',
      details: { features: ['starttls', 'mechanisms', 'c'], mechanisms: ['SCRAM-SHA-1', 'PLAIN'] },
    })
    expect(dialogue.turnsLeft()).toBe(0)
  })

  it('tells why it ended the stream', async () => {
    const says = `${STREAM}<stream:error><host-unknown xmlns='x'/></stream:error></stream:stream>`
    expect(await xmpp.ask?.(service, scriptedDialogue([{ says, closes: true }]))).toEqual({
      protocol: 'xmpp',
      info: 'error: host-unknown',
      details: {},
    })
  })

  it.each([STREAM, STREAM + '<a>'.repeat(10_000), ''])(
    'says what it knew after too little or too much',
    async (says) => {
      expect(await xmpp.ask?.(service, scriptedDialogue([{ says }, END]))).toEqual(service)
    },
  )
})

describe('STARTTLS of xmpp', () => {
  const offers = { hears: header, says: STREAM + FEATURES }
  const go = (says: string) => ({ hears: "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", says })
  const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"

  it.each([
    ['is agreed on', [offers, go(proceed)], true],
    ['is agreed on by two tags', [offers, go(`${proceed.replace('/>', '>')}</proceed>`)], true],
    ['is refused', [offers, go("<failure xmlns='x'/></stream:stream>")], false],
    ['has words of somebody behind it', [offers, go(`${proceed}<x/>`)], false],
    ['is not offered', [{ hears: header, says: `${STREAM}<stream:features/>` }], false],
  ])('%s', async (_, turns, agreed) => {
    const dialogue = scriptedDialogue(turns)
    expect(await xmpp.startTls?.(dialogue)).toBe(agreed)
    expect(dialogue.turnsLeft()).toBe(0)
  })
})
