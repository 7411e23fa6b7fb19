import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Ran, run } from './kit.ts'
import { readScenes, type Scene, transcribe, wordsOf } from './transcript.ts'
import { readSetting } from './transcript-world.ts'

const FOLDER = new URL('./transcripts/', import.meta.url)
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'))
/** Set this to write what the tool says now into the files; then read the difference. */
const RECORDS = (process.env.PORTKIT_RECORD ?? '') !== ''

async function play({ world, command }: Scene): Promise<Ran> {
  const setting = readSetting(world)
  return run(wordsOf(command), setting.world, setting.deeds)
}

/** The file with the lines under each command replaced. */
async function record(text: string): Promise<string> {
  const scenes = new Map(readScenes(text).map((scene) => [scene.line, scene]))
  const kept: string[] = []
  for (const [i, line] of text.split('\n').entries()) {
    if (!/^[|!?]/.test(line)) kept.push(line)
    const scene = scenes.get(i + 1)
    if (scene !== undefined) kept.push(...transcribe(await play(scene)))
  }
  return kept.join('\n')
}

if (RECORDS) {
  for (const file of FILES) {
    const url = new URL(file, FOLDER)
    writeFileSync(url, await record(readFileSync(url, 'utf8')))
  }
}

describe.each(FILES)('%s', (file) => {
  const scenes = readScenes(readFileSync(new URL(file, FOLDER), 'utf8'))
  it.each(scenes)('line $line: $command', async (scene) => {
    const ran = await play(scene)
    expect(transcribe(ran)).toEqual(scene.expected)
    expect(ran.io.net.open()).toBe(0)
  })
})

describe('reading transcripts', () => {
  it('refuses lines without a mark and worlds that mean nothing', () => {
    expect(() => readScenes('hello')).toThrow('line 1 has no mark: hello')
    expect(() => readSetting(['10.0.0.2:22 sings'])).toThrow('no port does this: sings')
    expect(() => readSetting(['rain'])).toThrow('this says nothing about a world: rain')
  })

  it('says a difference in white space', () => {
    const lines = [{ to: 'out', text: 'a  b\n\nc' }] as const
    expect(transcribe({ lines, status: 0 } as unknown as Ran)).toEqual(['| a  b', '|', '| c\\c', '? 0'])
  })
})
