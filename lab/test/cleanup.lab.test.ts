import { execFile } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { start } from '../src/command.mjs'
import { findLabs, processesIn, removeLab } from '../src/remove.mjs'
import { createLab, describeLab, Lab, PORTS } from '../src/vitest.ts'
import { watchOne } from './inside.ts'

const BIN = fileURLToPath(new URL('../src/bin.mjs', import.meta.url))
const OWNER = fileURLToPath(new URL('owner.mjs', import.meta.url))

/** What is left of a lab: namespaces, folders, processes. */
function remains(id: string): readonly string[] {
  const namespaces = findLabs().find((lab) => lab.id === id)?.namespaces ?? []
  return namespaces.flatMap((namespace) => [namespace, ...processesIn(namespace).map(String)])
}

/** A process that makes a lab, with a program running inside, and then ends in one way or another. */
async function owner(way: string) {
  const running = start(process.execPath, [OWNER, way], { timeoutMs: 20_000 })
  const [, id = ''] = await running.until(/^up (\S+)$/m)
  onTestFinished(() => removeLab(id))
  return { ...running, id }
}

const deaf = ['sh', ['-c', 'trap "" TERM INT HUP; echo ready; while :; do sleep 1; done']] as const

describeLab('a lab', {}, (lab) => {
  it('leaves no namespace, no folder and no process behind', async () => {
    const other = await createLab()
    await other.spawn(...deaf).until(/ready/)
    expect(remains(other.id).length).toBeGreaterThan(2)
    await other.remove()
    expect(remains(other.id)).toEqual([])
    await other.remove()
  })

  it('does not disturb another one beside it', async () => {
    const [one, other] = await Promise.all([createLab(), createLab({ routed: true })])
    onTestFinished(async () => void (await Promise.all([one.remove(), other.remove()])))
    const { port } = PORTS.open
    await one.target.setPort(port, 'stealth')
    const results = await Promise.all(
      [one, other, lab].map((each) => watchOne(each, { address: each.target.address6, port })),
    )
    expect(results.map(({ result }) => result)).toEqual(['silence', 'open', 'open'])
    await one.remove()
    expect(remains(other.id)).not.toEqual([])
    expect(await watchOne(other, { address: other.target.address4, port })).toMatchObject({ result: 'open' })
  })

  it('touches nothing outside its namespaces', async () => {
    const outside = await new Promise<string>((resolve) =>
      execFile('ip', ['-o', 'address'], (_error, stdout) => resolve(stdout)),
    )
    expect(outside).not.toMatch(/lab0|far0|10\.7[89]\.|fd7[89]:/)
    expect(lab.id).toContain(`pk-${process.pid}-`)
  })

  it.each(['exit', 'throw', 'SIGINT', 'SIGTERM', 'SIGHUP'])(
    'is gone when its owner ended by %s',
    async (way) => {
      const { id, done, kill } = await owner(way)
      if (way.startsWith('SIG')) kill(way as NodeJS.Signals)
      const { status, signal, timedOut } = await done
      expect(timedOut).toBe(false)
      expect(signal ?? status).toBe({ exit: 3, throw: 1 }[way] ?? way)
      expect(remains(id)).toEqual([])
    },
  )

  it('is removed by the next run when its owner was killed by SIGKILL, and a living one is not', async () => {
    const { id, done, kill } = await owner('SIGKILL')
    kill('SIGKILL')
    await done
    expect(remains(id).length, 'nobody was left to clean up').toBeGreaterThan(0)
    const next = await createLab()
    onTestFinished(() => next.remove())
    expect(remains(id)).toEqual([])
    expect(remains(lab.id)).not.toEqual([])
  })

  it('is gone when it could not be made', async () => {
    const broken = new Lab({ tun: { rules: [{ to: '10.79.0.0/33' }] } })
    await expect(broken.up()).rejects.toThrow('to invalid: "10.79.0.0/33"')
    expect(remains(broken.id)).toEqual([])
  })
})

describeLab('a program in a lab', {}, (lab) => {
  it('gets its input and gives its output, errors and status', async () => {
    const result = await lab.exec('sh', ['-c', 'cat; echo bad >&2; exit 7'], { stdin: 'good' })
    expect(result).toEqual({ stdout: 'good', stderr: 'bad\n', status: 7, signal: null, timedOut: false })
  })

  it('is killed with its children when it takes too long', async () => {
    const result = await lab.exec('sh', ['-c', 'echo begun; sleep 1000 & wait'], { timeoutMs: 2000 })
    expect(result).toMatchObject({ stdout: 'begun\n', signal: 'SIGKILL', timedOut: true })
  })

  it('gets a signal when it has said something', async () => {
    const result = await lab.exec(
      'sh',
      ['-c', 'trap "echo caught; exit 5" INT; echo ready; while :; do sleep 0.01; done'],
      {
        signals: [{ afterOutput: /ready/, send: 'SIGINT' }],
      },
    )
    expect(result).toMatchObject({ stdout: 'ready\ncaught\n', status: 5 })
  })

  it('runs on the side that was asked for', async () => {
    const { stdout } = await lab.exec('ip', ['-4', '-o', 'address', 'show', 'lab0'], { as: 'target' })
    expect(stdout).toContain(lab.target.address4)
  })

  it('reports its end to whoever waits for its output', async () => {
    const program = lab.spawn('sh', ['-c', 'echo no >&2; exit 3'])
    await expect(program.until(/never/)).rejects.toThrow('ended (3) before its output matched /never/: no')
  })
})

describeLab('pnpm lab', {}, () => {
  const name = `test-${process.pid}`
  const id = `pk-named-${name}`
  const bin = (...args: string[]) => start(process.execPath, [BIN, ...args], { timeoutMs: 20_000 }).done

  it('keeps a named lab up until it is taken down', async () => {
    onTestFinished(() => removeLab(id))
    expect(await bin('up', '--name', name)).toMatchObject({ status: 0, stderr: '' })
    expect((await bin('list')).stdout).toContain(id)
    const again = await bin('up', '--name', name, '--routed')
    expect(again).toMatchObject({ status: 1, stderr: `lab: the lab ${name} is up already\n` })
    const ping = await bin('exec', '--name', name, '--', 'ping', '-c', '1', '-W', '2', 'far.lab')
    expect(ping.stdout).toContain(' 1 received')
    expect(await bin('exec', '--name', name, '--as', 'target', 'sh', '-c', 'exit 9')).toMatchObject({
      status: 9,
    })
    expect(await bin('down', '--name', name)).toMatchObject({ status: 0, stderr: '' })
    expect(remains(id)).toEqual([])
    expect(await bin('down', '--name', name)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no lab'),
    })
  })

  it('leaves no folder of its own in /etc', () => {
    const left = existsSync('/etc/netns') ? readdirSync('/etc/netns') : []
    expect(left.filter((entry) => entry.startsWith(id))).toEqual([])
  })
})
