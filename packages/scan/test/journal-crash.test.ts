import { UsageError } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continueJournal } from '../src/spread/journal.ts'
import { readJournal } from '../src/spread/read-journal.ts'
import { closed, header, longRun, memoryFile, open, read, rowsOf, writeHost } from './journal-world.ts'

describe('a checkpoint that a crash cut', () => {
  it('at any octet is read, and no verdict in it is invented', () => {
    const text = longRun()
    const headerEnd = text.indexOf('\n')
    const real = new Map([
      ['10.0.0.2', [open(22), closed(1)]],
      ['10.0.0.3', [closed(2), open(80, { from: '10.0.0.254' }), open(443)]],
    ])
    for (let cut = headerEnd; cut <= text.length; cut += 1) {
      const state = read(text.slice(0, cut))
      expect(state.hasEnded).toBe(false)
      for (const address of state.underway()) {
        for (const row of rowsOf(state.tableOf(address))) expect(real.get(address)).toContainEqual(row)
      }
      for (const report of state.reports()) expect(['10.0.0.2', 'fd00::2']).toContain(report.address)
    }
    for (let cut = 0; cut < headerEnd; cut += 1) {
      expect(() => read(text.slice(0, cut))).toThrow(
        new UsageError('run.journal: not a checkpoint of portscan'),
      )
    }
  })

  it('goes on behind the cut, however often it happens', () => {
    const whole = longRun()
    const start = whole.indexOf('\n') + 1
    const law = fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 }),
      (cuts) => {
        let text = whole
        for (const cut of cuts) {
          const file = memoryFile()
          file.write(text.slice(0, start + Math.floor(cut * (text.length - start))))
          const journal = continueJournal(file, 1, writeHost)
          journal.note('10.0.0.7', open(7))
          journal.close()
          text = file.text()
          expect(rowsOf(read(text).tableOf('10.0.0.7'))).toEqual([open(7)])
        }
      },
    )
    fc.assert(law)
  })

  it('by the loss of power may end in anything', () => {
    expect(read(`${longRun()}${'\0'.repeat(4096)}`).passed).toEqual({ shares: 2, down: 1 })
  })
})

describe('a file that is no checkpoint', () => {
  const first = longRun().split('\n')[0] ?? ''
  const notOne = 'run.journal: not a checkpoint of portscan'

  it.each([
    ['', notOne],
    ['\n', notOne],
    ['# Nmap 7.93 scan initiated', notOne],
    ['null', notOne],
    ['[]', notOne],
    ['{}', notOne],
    ['{"portscan":"checkpoint"}', notOne],
    ['{"portscan":"checkpoint","format":"1"}', notOne],
    ['{"portscan":"checkpoint","format":1}', notOne],
    [first.replace('"seed":4', '"seed":-4'), notOne],
    [first.replace('"args":[', '"args":[1,'), notOne],
    [first.replace('"count":8', '"count":2'), notOne],
    [
      first.replace('"format":1', '"format":2'),
      'run.journal: a checkpoint of format 2; this version of portscan reads format 1',
    ],
    [`${first}\n{"kind":"passed","shares":`, undefined],
    [`${first}\n{"kind":"passed","shares":\n{"kind":"end"}\n`, damaged(2)],
    [`${first}\n{}\n`, damaged(2)],
    [`${first}\n\n1\n`, damaged(3)],
    [`${first}\n{"kind":"toString"}\n`, damaged(2)],
    [`${first}\n{"kind":"__proto__"}\n`, damaged(2)],
    [`${first}\n{"kind":"passed","shares":-1,"down":0}\n`, damaged(2)],
    [`${first}\n{"kind":"found","share":0,"host":{"address":"10.0.0.1","family":5}}\n`, damaged(2)],
    [ports('[["tcp","open","syn-ack",64,"22"]]'), undefined],
    [ports('[["sctp","open","syn-ack",64,"22"]]'), damaged(2)],
    [ports('[["tcp","ajar","syn-ack",64,"22"]]'), damaged(2)],
    [ports('[["tcp","constructor","syn-ack",64,"22"]]'), damaged(2)],
    [ports('[["tcp","open","",64,"22"]]'), damaged(2)],
    [ports('[["tcp","open","syn-ack",256,"22"]]'), damaged(2)],
    [ports('[["tcp","open","syn-ack",64,"22-70000"]]'), damaged(2)],
    [ports('[["tcp","open","syn-ack",64,"23,22"]]'), damaged(2)],
    [ports('[["tcp","open","syn-ack",64,22]]'), damaged(2)],
    [ports('[["tcp","open","syn-ack",64,"22",7]]'), damaged(2)],
    [ports('{"length":1}'), damaged(2)],
  ])('%s: %s', (text, message) => {
    if (message === undefined) expect(read(text).header).toEqual(header)
    else expect(() => read(text)).toThrow(new UsageError(message))
  })

  it('may have too many reasons for any port table', () => {
    const groups = Array.from({ length: 256 }, (_, i) => ['tcp', 'open', `reason-${i}`, 64, `${i}`])
    expect(() => read(ports(JSON.stringify(groups)))).toThrow(new UsageError(damaged(2)))
  })

  it('may have a report that cannot be read', () => {
    const state = readJournal({
      name: 'run.journal',
      text: `${first}\n{"kind":"done","share":0,"address":"10.0.0.1","report":{}}\n`,
      readHost: () => undefined,
    })
    expect(() => [...state.reports()]).toThrow(new UsageError(damaged(2)))
  })

  it('is told from one without any other error, whatever it holds', () => {
    const law = fc.property(fc.array(fc.oneof(fc.json(), fc.string())), fc.boolean(), (lines, hasHeader) => {
      try {
        const state = read((hasHeader ? [first, ...lines] : lines).join('\n'))
        for (const address of state.underway()) state.tableOf(address)
      } catch (error) {
        if (!(error instanceof UsageError)) throw error
      }
    })
    fc.assert(law)
  })

  function damaged(line: number): string {
    return `run.journal: line ${line} of the checkpoint is damaged`
  }

  function ports(groups: string): string {
    return `${first}\n{"kind":"ports","address":"10.0.0.1","groups":${groups}}\n`
  }
})
