import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { ServersWorld, serversHere, TARGET } from '@portkit/lab/servers-world'
import { builtTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import { recordsOf } from '../../core/test/tool-kit.ts'

const lacks = missing(['unshare', 'setpriv', 'openssl'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''
const { truths, absent } = await serversHere()

type Truth = (typeof truths)[number]
type Family = 4 | 6
type Run = 'tcp4' | 'tcp6' | 'udp4' | 'starttls'

/** TCP servers that wait for their own protocol's words at a port that is not theirs: only every probe finds them. */
const isHidden = ({ server, port, transport }: Truth): boolean =>
  server === 'bind9' && transport === 'tcp' && port === 2053

/** A record of a port, as far as it is looked at here. */
interface Told {
  readonly port: number
  readonly outcome: string | null
  readonly protocol: string | null
  readonly product: string | null
  readonly version: string | null
  readonly method: string | null
  readonly tls: null | {
    readonly after: string | null
    readonly verification: { readonly words: string }
    readonly chain: readonly { readonly subject: string }[]
  }
}

const portsOf = (of: readonly Truth[]): string => [...new Set(of.map(({ port }) => port))].join(',')

describe.skipIf(skipped !== '')(`real servers${skipped}`, () => {
  const world = new ServersWorld()
  const tool = builtTool(join(import.meta.dirname, '..'), 'banner')
  const told = new Map<Run | 'hidden', ReadonlyMap<number, Told>>()

  const of = (transport: Truth['transport'], family: Family): readonly Truth[] =>
    truths.filter((truth) => truth.transport === transport && truth.families.includes(family))

  const look = async (run: Run | 'hidden', words: readonly string[]): Promise<void> => {
    const [node, args] = tool.command('--json', ...words)
    const { stdout, stderr } = await world.exec(node, args)
    expect(stderr).toBe('')
    const records = recordsOf(stdout)
    for (const record of records) expect(schemaErrors(record)).toBe(FITS)
    told.set(run, new Map((records as unknown as readonly Told[]).map((record) => [record.port, record])))
  }

  beforeAll(async () => {
    await world.up()
    await Promise.all([
      look('tcp4', [TARGET.address4, portsOf(of('tcp', 4))]),
      look('tcp6', [TARGET.address6, portsOf(of('tcp', 6))]),
      look('udp4', ['-u', TARGET.address4, portsOf(of('udp', 4))]),
    ])
    await Promise.all([
      look('starttls', [
        '--starttls',
        'auto',
        TARGET.name,
        portsOf(truths.filter((truth) => truth.startTls)),
      ]),
      look('hidden', [
        '--thorough',
        '--timeout',
        '60',
        '--wait',
        '0.5',
        TARGET.name,
        portsOf(truths.filter(isHidden)),
      ]),
    ])
  }, 120_000)

  afterAll(() => world.remove())

  for (const { name, lacks: packages } of absent) it.skip(`${name} (skipped: needs ${packages.join(', ')})`)

  const titled = (some: readonly Truth[]) =>
    some.map((truth) => [`${truth.runs} at ${truth.port}/${truth.transport}`, truth] as const)

  const expectTruth = (
    run: Run | 'hidden',
    { port, protocol, product, version, tls, outcome }: Truth,
  ): void => {
    const record = told.get(run)?.get(port)
    expect(record).toBeDefined()
    if (protocol === undefined) {
      expect(record).toMatchObject({ protocol: null, product: null, version: null })
      // Over UDP silence does not even tell whether a port is open.
      const silent = run === 'udp4' && outcome === 'silent'
      if (outcome !== 'any') expect(record?.outcome).toBe(silent ? null : outcome)
      return
    }
    expect(record).toMatchObject({
      outcome: 'identified',
      protocol,
      product: product ?? null,
      version: version ?? null,
    })
    expect(record?.tls === null).toBe(!tls)
  }

  describe('are named right over IPv4:', () => {
    it.each(titled(of('tcp', 4).filter((truth) => !isHidden(truth))))('%s', (_, truth) =>
      expectTruth('tcp4', truth),
    )
  })

  describe('are named right over IPv6:', () => {
    it.each(titled(of('tcp', 6).filter((truth) => !isHidden(truth))))('%s', (_, truth) =>
      expectTruth('tcp6', truth),
    )
  })

  describe('are named right over UDP:', () => {
    it.each(titled(of('udp', 4)))('%s', (_, truth) => expectTruth('udp4', truth))
  })

  describe('are found by every probe where nothing hints at them:', () => {
    it.each(titled(truths.filter(isHidden)))('%s', (_, truth) => expectTruth('hidden', truth))
  })

  describe('show their certificates after STARTTLS:', () => {
    it.each(titled(truths.filter((truth) => truth.startTls)))('%s', (_, { port, protocol }) => {
      expect(told.get('starttls')?.get(port)?.tls).toMatchObject({
        after: protocol,
        verification: { words: 'self-signed' },
        chain: [{ subject: `CN=${TARGET.name}` }],
      })
    })
  })

  it('say how each of them is known', () => {
    const methods = [...(told.get('tcp4')?.values() ?? [])].filter(({ outcome }) => outcome === 'identified')
    expect(
      methods.map(({ method }) => method).filter((method) => method !== 'greeting' && method !== 'probe'),
    ).toEqual([])
  })
})
