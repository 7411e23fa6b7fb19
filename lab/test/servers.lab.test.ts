import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import { start } from '../src/command.mjs'
import { missing } from '../src/missing.mjs'
import { namespaceOf } from '../src/names.mjs'
import { processesIn, removeLab } from '../src/remove.mjs'
import type { Server, ServerPort } from '../src/servers/server.mjs'
import { SERVERS, ServersWorld, serversHere, TARGET } from '../src/servers-world.mjs'

const OWNER = fileURLToPath(new URL('servers-owner.mjs', import.meta.url))
const ASK = fileURLToPath(new URL('ask-servers.mjs', import.meta.url))

const lacks = missing(['unshare', 'setpriv', 'ss', 'openssl'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''
const { servers, absent } = await serversHere()

interface Question {
  readonly name: string
  readonly port: ServerPort
  readonly address: string
  readonly with: RegExp
  readonly hex?: boolean
}

/** What is asked of a server: all of its ports that have an answer, over IPv4 and IPv6. */
function questionsTo({ ports }: Server): readonly Question[] {
  return ports.flatMap((port) => {
    const answer = port.tls === true ? { with: /^CN=\w+\.lab$/ } : port.answers
    if (answer === undefined) return []
    return (port.families ?? [4, 6]).map((family) => {
      const address = family === 4 ? TARGET.address4 : TARGET.address6
      return { name: `${port.transport ?? 'tcp'} ${address} ${port.port}`, port, address, ...answer }
    })
  })
}

/** Asks from the probe, all at once; gives what did not answer as it should. */
async function wrong(world: ServersWorld, server: Server): Promise<Readonly<Record<string, string>>> {
  const questions = questionsTo(server)
  const tasks = questions.map(({ port, address, hex, with: { source } }) => ({
    hex,
    address,
    port: port.port,
    transport: port.transport,
    tls: port.tls,
    say: Buffer.from(port.answers?.say ?? '').toString('hex'),
    enough: source,
  }))
  const { stdout, stderr } = await world.exec(process.execPath, [ASK, JSON.stringify(tasks)])
  expect(stderr).toBe('')
  const answers = JSON.parse(stdout) as string[]
  const pairs = questions.map(
    ({ name, hex, with: right }, i) => [name, right, shown(answers[i] ?? '', hex)] as const,
  )
  return Object.fromEntries(
    pairs
      .filter(([, right, answer]) => !right.test(answer))
      .map(([name, , answer]) => [name, answer.slice(0, 300)]),
  )
}

function shown(answer: string, hex = false): string {
  return hex ? Buffer.from(answer, 'latin1').toString('hex') : answer
}

/** Folders and processes that a world has, or once had. */
function remains(id: string): readonly string[] {
  return (['probe', 'target'] as const).flatMap((side) => {
    const namespace = namespaceOf(id, side)
    const folders = [`/run/netns/${namespace}`, `/etc/netns/${namespace}`]
    return [...folders.filter((path) => existsSync(path)), ...processesIn(namespace).map(String)]
  })
}

describe.skipIf(skipped !== '')(`the world of real servers${skipped}`, () => {
  const world = new ServersWorld()

  beforeAll(() => world.up())
  afterAll(() => world.remove())

  it.each(servers.map((server) => [server.name, server] as const))(
    'has %s, which answers at all its ports',
    async (_, server) => expect(await wrong(world, server), world.log(server.name)).toEqual({}),
  )

  for (const { name, lacks: packages } of absent)
    it.skip(`has ${name} (skipped: needs ${packages.join(', ')})`)

  it('lets no server write to the machine', () => {
    const inside = processesIn(world.namespace('target'))
    expect(inside.length).toBeGreaterThanOrEqual(servers.length)
    expect(inside.filter((pid) => / \/ rw,/.test(rootMount(pid)))).toEqual([])
  })

  it('tells the version of every product whose version is on the wire', () => {
    const told = world.truths.filter(({ version }) => version !== undefined)
    expect(told.length).toBeGreaterThan(0)
    for (const { version } of told) expect(version).toMatch(/^\d[\w.~+-]*$/)
  })

  it('has every port once', () => {
    const ports = world.truths.map(({ transport, port }) => `${transport} ${port}`)
    expect(ports).toEqual([...new Set(ports)])
  })
})

describe.skipIf(skipped !== '')(`a world of real servers${skipped}`, () => {
  const few = servers.filter(({ name }) => ['hostile', 'openssh', 'inetd', 'postfix'].includes(name))

  it('leaves nothing behind, twice in a row and beside another one', async () => {
    const beside = new ServersWorld(few)
    onTestFinished(() => beside.remove())
    await beside.up()
    for (let time = 1; time <= 2; time++) {
      const other = new ServersWorld(few)
      await other.up()
      expect(remains(other.id).length).toBeGreaterThan(4)
      await other.remove()
      expect(remains(other.id)).toEqual([])
      await other.remove()
    }
    const server = SERVERS.find(({ name }) => name === 'hostile')
    expect(server && (await wrong(beside, server))).toEqual({})
  })

  it('has no server any more as soon as its owner was killed by SIGKILL', async () => {
    const owner = start(process.execPath, [OWNER, ...few.map(({ name }) => name)], { timeoutMs: 50_000 })
    const [, id = ''] = await owner.until(/^up (\S+)$/m)
    onTestFinished(() => removeLab(id))
    const target = namespaceOf(id, 'target')
    expect(processesIn(target)).not.toEqual([])
    owner.kill('SIGKILL')
    await owner.done
    await vi.waitFor(() => expect(processesIn(target)).toEqual([]), { timeout: 20_000 })
  })

  it('says what a server said that does not come up, and is gone then', async () => {
    const broken = {
      name: 'broken',
      runs: 'sh',
      packages: [],
      ports: [{ port: 1 }],
      script: 'touch /etc/portkit || echo sorry; exit 3',
    }
    const world = new ServersWorld([broken])
    await expect(world.up()).rejects.toThrow(
      /^broken ended; not bound: tcp4 1, tcp6 1; it said:\ntouch: .*Read-only.*\nsorry$/,
    )
    expect(remains(world.id)).toEqual([])
  })

  it('has only the servers whose packages are there', async () => {
    const lacking = {
      name: 'lacking',
      runs: '',
      packages: ['no-such-package'],
      ports: [{ port: 1 }],
      script: '',
    }
    const { servers: here, truths, absent: lacks } = await serversHere([lacking])
    expect({ here, truths, lacks }).toEqual({
      here: [],
      truths: [],
      lacks: [{ name: 'lacking', lacks: ['no-such-package'] }],
    })
  })
})

/** proc_pid_mountinfo(5): the line of the root. */
function rootMount(pid: number): string {
  try {
    const lines = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').split('\n')
    return lines.find((line) => line.split(' ')[4] === '/') ?? ''
  } catch {
    return ''
  }
}
