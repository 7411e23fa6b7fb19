import { describe, expect, it } from 'vitest'
import { OPEN, PLAIN_USER, rejects, STEALTH, scan, worldOf } from './kit.ts'

const HOST = '10.0.0.2'
const GONE = '10.0.0.99'
const WORLD = worldOf(
  { [`${HOST}:22`]: OPEN, [`${HOST}:81`]: STEALTH, [`${HOST}:82`]: rejects() },
  {
    addresses: ['10.0.0.1'],
    interfaces: { eth0: [{ address: '10.0.0.1', family: 4 }] },
    machines: { [GONE]: { isAbsent: true } },
  },
)
const NOTE = 'Host seems down'

describe('what nobody asked for is not said', () => {
  it('of a single target that is only listed', async () => {
    expect((await scan(`-n -sL ${HOST}`, WORLD)).out).not.toContain(NOTE)
    expect((await scan(`-n -sn ${GONE}`, WORLD)).out).toContain(NOTE)
  })

  it('nor is anything sent by -sn -Pn: as with nmap, all count as up', async () => {
    const { out, status } = await scan(`-n -sn -Pn --reason ${GONE}`, WORLD)
    expect(out).toContain(`Nmap scan report for ${GONE}\nHost is up, received user-set.\n`)
    expect(status).toBe(0)
  })
})

describe('a slip in the command line is told of before anything is sent', () => {
  it.each([
    ['--servicedb /nowhere', 'cannot read /nowhere: no such file'],
    ['-S 9.9.9.9', '-S: 9.9.9.9 is not an address of this machine, and no other is ever forged'],
    ['-S eth0', '-S: eth0 is not an address of this machine, and no other is ever forged'],
    ['-sT -S 9.9.9.9', '-S: 9.9.9.9 is not an address of this machine, and no other is ever forged'],
    ['-e nope', 'I cannot figure out what source address to use for device nope, does it even exist?'],
  ])('%s', async (words, why) => {
    const { out, err, status } = await scan(`-n -p 22 ${words} ${HOST}`, WORLD)
    expect({ out, err, status }).toEqual({ out: '', err: `${why}\nQUITTING!\n`, status: 1 })
  })

  it('but not of what is right', async () => {
    const { out, err } = await scan(`-n -p 22 -S 10.0.0.1 -e eth0 ${HOST}`, WORLD)
    expect(err).toBe('')
    expect(out).toContain('22/tcp open  ssh\n')
  })
})

describe('a line about how far a run is', () => {
  const slow = `-n -Pn -sT -p 81 --max-retries 3 ${HOST}`

  it('is for terminals, and for those who ask for it', async () => {
    expect((await scan(slow, { ...WORLD, ...PLAIN_USER })).err).not.toContain(' %, ')
    expect((await scan(`${slow} --progress`, { ...WORLD, ...PLAIN_USER })).err).toContain(
      ' %, 0 open ports, ',
    )
  })
})

describe('files that are one file', () => {
  it.each([
    ['-oN ./a -oX a', 'two reports cannot go to one file: a'],
    ['-oG b//a -oX ./b/./a', 'two reports cannot go to one file: b//a'],
    [
      '--checkpoint run.state -oX ./run.state',
      "a report cannot go to the file of the run's state: run.state",
    ],
  ])('%s are refused', async (words, why) => {
    const { err, out, status } = await scan(`-n -p 22 ${words} ${HOST}`, WORLD)
    expect({ err, out, status }).toEqual({ err: `${why}\nQUITTING!\n`, out: '', status: 1 })
  })

  it('two names that only begin alike are not', async () => {
    expect((await scan(`-n -p 22 -oN .a -oX a ${HOST}`, WORLD)).status).toBe(0)
  })
})
