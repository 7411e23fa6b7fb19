import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { line } from '../src/dialogue/readers.ts'
import { countingReader, talk } from './conversation-kit.ts'
import { octetsOf } from './detector-kit.ts'

const NEVER = (): 'more' => 'more'

describe('a conversation', () => {
  it('gives what was read, and keeps what nobody took', async () => {
    const { conversation, peer, transcript } = talk()
    await peer.write(octetsOf('one\r\ntwo\r\n'))
    expect(await conversation.receive(line())).toBe('one')
    expect(conversation.hasUnread).toBe(true)
    expect(await conversation.receive(line())).toBe('two')
    expect(transcript.exchanges()).toMatchObject([{ asked: 'nothing', end: 'whole', firstNs: 100_000 }])
  })

  it('gives the end of what came when the peer ends', async () => {
    const { conversation, peer, transcript } = talk()
    await peer.write(octetsOf('no line end'))
    peer.endWrite()
    expect(await conversation.receive(line())).toBe('no line end')
    expect(conversation.end).toBe('closed')
    expect(await conversation.receive(line())).toBeUndefined()
    expect(transcript.exchanges()).toMatchObject([{ end: 'closed' }])
  })

  it('reads what came before a reset, also where the reset is known first', async () => {
    const { conversation, peer, clock } = talk()
    await peer.write(octetsOf('421 too many\r\n'))
    peer.close('rst')
    await clock.sleep(10)
    expect(conversation.end).toBe('reset')
    expect(await conversation.receive(line())).toBe('421 too many')
    expect(await conversation.receive(line())).toBeUndefined()
  })

  it('waits once for the first octet, and once more for the rest', async () => {
    const { conversation, peer, clock } = talk()
    void clock.sleep(900).then(() => peer.write(octetsOf('a')))
    void clock.sleep(1800).then(() => peer.write(octetsOf('b\n')))
    expect(await conversation.receive(line())).toBe('ab')
    const startNs = clock.nowNs()
    expect(await conversation.receive(line())).toBeUndefined()
    expect((clock.nowNs() - startNs) / 1e6).toBeCloseTo(1000)
  })

  it('hears in the next wait what came too late for the one before', async () => {
    const { conversation, peer, clock } = talk()
    expect(await conversation.receive(line())).toBeUndefined()
    void clock.sleep(500).then(() => peer.write(octetsOf('late\n')))
    expect(await conversation.receive(line())).toBe('late')
  })

  it('never reads more than its limit', async () => {
    const { conversation, peer, transcript } = talk({ octets: 1000 })
    void peer.write(new Uint8Array(60_000)).catch(() => {})
    expect(await conversation.receive(NEVER)).toBeUndefined()
    expect(conversation.heard).toBe(1000)
    expect(conversation.end).toBe('limit')
    expect(transcript.exchanges()).toMatchObject([{ end: 'limit' }])
    await conversation.send(octetsOf('more?'))
    expect(transcript.exchanges()).toHaveLength(1)
  })

  it('ends when the time of its port is over, and once the user interrupts', async () => {
    const short = talk({ timeoutMs: 300 })
    expect(await short.conversation.receive(line())).toBeUndefined()
    expect(short.clock.nowNs() / 1e6).toBeCloseTo(300)
    const { conversation, clock, interrupt } = talk()
    void clock.sleep(200).then(() => interrupt.abort())
    expect(await conversation.receive(line())).toBeUndefined()
    expect(clock.nowNs() / 1e6).toBeCloseTo(200)
  })

  it('says nothing more to a peer that takes nothing', async () => {
    const { conversation, clock } = talk({ wire: { bufferOctets: 1 } })
    await conversation.send(octetsOf('GET /'))
    expect(clock.nowNs() / 1e6).toBeCloseTo(1000)
    expect(conversation.canSend).toBe(false)
    await conversation.send(octetsOf('GET /'))
    expect(clock.nowNs() / 1e6).toBeCloseTo(1000)
  })

  it('is not given away once something was said', async () => {
    expect(talk().conversation.handOver()).toBeDefined()
    const { conversation, peer } = talk()
    await peer.write(octetsOf('one\ntwo'))
    await conversation.receive(line())
    expect(conversation.handOver()).toBeUndefined()
  })

  it('looks at single octets no more than some hundred times', async () => {
    const { conversation, peer, clock } = talk({ timeoutMs: 1e6, waitMs: 1e6 })
    const { read, lengths } = countingReader()
    const all = conversation.receive(read)
    for (let i = 0; i < 20_000; i += 1) await peer.write(Uint8Array.of(i))
    peer.endWrite()
    expect(await all).toHaveLength(20_000)
    expect(lengths.length).toBeLessThan(300)
    expect(clock.nowNs()).toBeGreaterThan(0)
  })

  it('takes the same, however it was split', async () => {
    const text = 'HELLO\r\nhow\nare\r\n\nyou'
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 12 }), async (cuts) => {
        const { conversation, peer, clock } = talk()
        const ends = [...cuts.sort((a, b) => a - b), text.length]
        const sending = async (): Promise<void> => {
          for (const [i, end] of ends.entries()) {
            await peer.write(octetsOf(text.slice(ends[i - 1] ?? 0, end)))
            await clock.sleep(3)
          }
          peer.endWrite()
        }
        void sending()
        const lines: (string | undefined)[] = []
        for (let i = 0; i < 6; i += 1) lines.push(await conversation.receive(line()))
        expect(lines).toEqual(['HELLO', 'how', 'are', '', 'you', undefined])
      }),
      { numRuns: 50 },
    )
  })
})
