import { describe, expect, it } from 'vitest'
import { codedReply, exactly, line } from '../src/dialogue/readers.ts'
import { scriptedDialogue } from './scripted-dialogue.ts'

describe('a scripted dialogue', () => {
  it('gives what the peer says, however it is split, and keeps what nobody took', async () => {
    const dialogue = scriptedDialogue([{ says: '220-a\r\n220 b\r\nrest' }], { segments: [1, 3] })
    expect(await dialogue.receive(codedReply)).toEqual({ code: 220, lines: ['a', 'b'] })
    expect(dialogue.unread()).toBe('rest')
    expect(await dialogue.receive(exactly(5))).toBeUndefined()
    expect(await dialogue.receive(line())).toBe('rest')
    expect(await dialogue.receive(line())).toBeUndefined()
  })

  it('lets the peer speak in its turn only', async () => {
    const dialogue = scriptedDialogue([
      { says: ['hel', 'lo\n'] },
      { hears: 'a\n', says: (sent) => `${sent.length}\n` },
      { says: 'more\n' },
      { hears: (octets) => octets[0] === 0x62, says: 'bye\n', closes: true },
    ])
    expect(await dialogue.receive(line())).toBe('hello')
    expect(await dialogue.receive(line())).toBeUndefined()
    await dialogue.send(Uint8Array.of(0x61, 0x0a))
    expect(await dialogue.receive(line())).toBe('2')
    expect(await dialogue.receive(line())).toBe('more')
    expect(dialogue.turnsLeft()).toBe(1)
    await dialogue.send(Uint8Array.of(0x62))
    await dialogue.send(Uint8Array.of(0x63))
    expect(dialogue.sent).toEqual(['a\n', 'b'])
    expect(await dialogue.receive(line())).toBe('bye')
  })

  it('refuses a word that is not in the script', async () => {
    const dialogue = scriptedDialogue([{ hears: 'QUIT' }])
    await expect(dialogue.send(Uint8Array.of(1))).rejects.toThrow('does not expect')
  })

  it('makes as many connections more as there are scripts', async () => {
    const dialogue = scriptedDialogue([], { again: [[{ says: 'one' }], [{ says: 'two' }]] })
    const one = await dialogue.again(['h2'])
    const two = await one?.again()
    expect(await one?.receive(line())).toBe('one')
    expect(await two?.receive(line())).toBe('two')
    expect(await two?.again()).toBeUndefined()
    expect(dialogue.others.map(({ alpn }) => alpn)).toEqual([['h2']])
  })
})
