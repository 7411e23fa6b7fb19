import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { NpingWorld, PROBE_DEVICE } from '@portkit/lab/nping-world'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe } from 'vitest'

/** The tool that is tested: its package's folder, and its name. */
export interface HostileTool {
  readonly folder: string
  readonly name: string
}

const NPING: HostileTool = { folder: join(import.meta.dirname, '..'), name: 'nping-ts' }

/** Nobody's addresses, which the hostile responder answers for. */
export const HOSTILE = { 4: '10.77.0.66', 6: 'fd77::66' } as const

/** On this link, and nobody ever answers. */
export const NOBODY = { 4: '10.77.0.99', 6: 'fd77::99' } as const

export const BACKENDS = ['kernel', 'raw-socket'] as const

/** Arguments of setpriv(1) for a user with no rights at all, and for one who may send packets. */
const SOMEBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']
export const NO_RIGHTS = [...SOMEBODY, '--inh-caps=-all', '--bounding-set=-all']
export const ONLY_NET_RAW = [...SOMEBODY, '--inh-caps=-all,+net_raw', '--ambient-caps=-all,+net_raw']

type RunOptions = NonNullable<Parameters<NpingWorld['exec']>[2]>

/** The recorded world with our tool in it. */
export interface Hostile {
  readonly world: NpingWorld
  /** Runs the tool with a command line, blanks between the words. */
  run(argv: string, options?: RunOptions): ReturnType<NpingWorld['exec']>
  /** A shell script in which NPING, or HPING, stands for the tool. */
  bash(script: string, options?: RunOptions): ReturnType<NpingWorld['exec']>
  /** Node and the tool's file. */
  command(): readonly [string, string]
  /** Starts the responder of hostile-responder.py. */
  answerBadly(): Promise<void>
  /** Has it repeat its answer to the last SYN to port 1020; resolves once that is done. */
  repeatAnswer(): Promise<void>
}

/** Tests in a world of their own; skipped, with the reason in the title, where none can be made. */
export function describeHostile(
  title: string,
  needs: readonly string[],
  tests: (hostile: Hostile) => void,
  { folder: packageFolder, name }: HostileTool = NPING,
) {
  const lacks = missing(['tcpdump', 'bash', ...needs])
  const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''
  describe.skipIf(skipped !== '')(`${title}${skipped}`, () => {
    const world = new NpingWorld()
    const word = name.slice(0, -'-ts'.length).toUpperCase()
    let folder = ''
    let responder: ReturnType<NpingWorld['spawn']> | undefined
    const command = (): readonly [string, string] => [process.execPath, join(folder, `${name}.cjs`)]

    beforeAll(async () => {
      folder = buildTool(packageFolder, name)
      await world.up()
    })

    afterAll(async () => {
      responder?.kill('SIGKILL')
      await responder?.done
      await world.remove()
      if (folder !== '') rmSync(folder, { recursive: true, force: true })
    })

    tests({
      world,
      command,
      run(argv, options) {
        const [node, tool] = command()
        return world.exec(node, [tool, ...argv.split(' ')], options)
      },
      bash(script, options) {
        const [node, tool] = command()
        return world.exec('bash', ['-c', script.replaceAll(word, `'${node}' '${tool}'`)], options)
      },
      async answerBadly() {
        await silenceSystem(world)
        const script = join(import.meta.dirname, 'hostile-responder.py')
        responder = world.spawn('python3', [script, 'hraw-b'], { as: 'target', timeoutMs: 600_000 })
        await responder.until(/ready/)
      },
      async repeatAnswer() {
        const before = responder?.stdout() ?? ''
        responder?.kill('SIGUSR1')
        await responder?.until(new RegExp(`^.{${before.length}}repeated`, 's'))
      },
    })
  })
}

/** The target's own system says nothing about the hostile addresses, and the probe need not ask where they are. */
async function silenceSystem(world: NpingWorld): Promise<void> {
  const rules = [
    'add table inet hostile',
    'add chain inet hostile early { type filter hook prerouting priority -300; }',
    `add rule inet hostile early ip daddr ${HOSTILE[4]} drop`,
    `add rule inet hostile early ip6 daddr ${HOSTILE[6]} drop`,
  ]
  await must(world.exec('nft', [rules.join('; ')], { as: 'target' }))
  for (const address of Object.values(HOSTILE)) {
    const where = ['lladdr', '02:77:00:00:00:02', 'dev', PROBE_DEVICE, 'nud', 'permanent']
    await must(world.exec('ip', ['neighbour', 'replace', address, ...where]))
  }
}

/** @throws Error with what the program said when it failed */
export async function must(running: ReturnType<NpingWorld['exec']>): Promise<void> {
  const { status, stderr } = await running
  if (status !== 0) throw new Error(stderr)
}

/** The rows of the table at the end, their columns one blank apart, without round trips. */
export function rows(stdout: string): readonly string[] {
  const [, table = ''] = stdout.split(/^TARGET .*\n/m)
  return table
    .split('\n')
    .filter((row) => row !== '')
    .map((row) => row.replace(/ +[\d./]+ms/, '').replace(/ +/g, ' '))
}

/** What a report counts. */
export function counts(stdout: string) {
  const [, sent, received, lost] = /sent: (\d+) .*?Rcvd: (\d+) .*?Lost: (-?\d+)/.exec(stdout) ?? []
  return { sent: Number(sent), received: Number(received), lost: Number(lost) }
}

/** The way to the target as it was: a link that goes down forgets much. */
export async function bringUp({ world }: Pick<Hostile, 'world'>, targets: readonly string[]): Promise<void> {
  const batch = [
    `link set ${PROBE_DEVICE} up`,
    ...['fd77::1/64', 'fe80::1/64'].map((own) => `address replace ${own} dev ${PROBE_DEVICE} nodad`),
    ...targets.map(
      (target) => `neighbour replace ${target} lladdr 02:77:00:00:00:02 dev ${PROBE_DEVICE} nud permanent`,
    ),
  ]
  await must(world.exec('ip', ['-batch', '-'], { stdin: `${batch.join('\n')}\n` }))
}
