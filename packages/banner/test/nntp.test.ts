import { describe, expect, it } from 'vitest'
import { nntp } from '../src/protocols/mail/nntp.ts'
import { detectorTests } from './detector-kit.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

const said = (text: string, known: object) => ({
  protocol: 'nntp',
  evidence: [{ field: 'nntp.banner', text }],
  ...known,
})

const GREETINGS: readonly (readonly [string, object])[] = [
  [
    'news.example.org InterNetNews NNRP server INN 2.6.3 ready (posting ok)',
    { hostname: 'news.example.org', product: 'INN', version: '2.6.3' },
  ],
  [
    'Leafnode NNTP Daemon, version 1.11.11 running at box (my fqdn: box.example.org)',
    { product: 'Leafnode', version: '1.11.11' },
  ],
  ['NNTP Service Ready, posting permitted', {}],
]

detectorTests(nntp, [
  ...GREETINGS.map(([text, known]) => ({
    title: `by 200 ${text}`,
    octets: `200 ${text}\r\n`,
    service: said(text, known),
  })),
  {
    title: 'that lets nobody post',
    octets: '201 NNTP Service Ready, posting prohibited\r\n',
    service: said('NNTP Service Ready, posting prohibited', {}),
  },
  {
    title: 'that was cut off',
    octets: '200 news InterNetNews NNRP server INN 2',
    service: { protocol: 'nntp' },
  },
  { title: 'not by the code alone', octets: '200 hello\r\n', service: undefined },
  { title: 'not by another code', octets: '202 NNTP\r\n', service: undefined },
])

const ready = { says: '200 hello NNTP\r\n' }

describe('nntp, asked for more,', () => {
  it('tells its capabilities, and its name with them', async () => {
    const turns = [
      ready,
      {
        hears: 'CAPABILITIES\r\n',
        says: '101 list:\r\nVERSION 2\r\nIMPLEMENTATION INN 2.7.1\r\nSTARTTLS\r\n.\r\n',
      },
      { hears: 'QUIT\r\n' },
    ]
    expect(await nntp.ask?.({ protocol: 'nntp' }, scriptedDialogue(turns, { segments: [1] }))).toEqual({
      protocol: 'nntp',
      product: 'INN',
      version: '2.7.1',
      info: 'STARTTLS offered',
      details: { capabilities: ['VERSION 2', 'IMPLEMENTATION INN 2.7.1', 'STARTTLS'] },
    })
  })

  it('says what it knew where there are none', async () => {
    const turns = [ready, { hears: 'CAPABILITIES\r\n', says: '500 what?\r\n' }, { hears: 'QUIT\r\n' }]
    expect(await nntp.ask?.({ protocol: 'nntp' }, scriptedDialogue(turns))).toEqual({ protocol: 'nntp' })
  })
})

describe('STARTTLS of nntp', () => {
  it.each([
    ['is agreed on', '382 Continue\r\n', true],
    ['is refused', '580 no\r\n', false],
    ['has words of somebody behind it', '382 x\r\n200 x\r\n', false],
  ])('%s', async (_, says, agreed) => {
    expect(await nntp.startTls?.(scriptedDialogue([ready, { hears: 'STARTTLS\r\n', says }]))).toBe(agreed)
  })

  it('is not asked of a server that does not greet', async () => {
    expect(await nntp.startTls?.(scriptedDialogue([{ says: '400 full\r\n' }]))).toBe(false)
  })
})
