import { describeLab, PORTS } from '@portkit/lab/vitest'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { ConnectFact, Net } from '../src/io/io.ts'
import { createKernelNet } from '../src/io/kernel/kernel-net.ts'
import { type Libc, loadLibc } from '../src/io/kernel/libc.ts'
import { nodeClock } from '../src/io/node/node-clock.ts'
import type { Address } from '../src/model/target.ts'
import { enter } from './namespace-kit.ts'

const address = (text: string): Address => ({ address: text, family: text.includes(':') ? 6 : 4 })
const never = new AbortController().signal

interface Question {
  readonly to: Address
  readonly port: number
}

/** Asks all of it at once; a question without an answer after so long is told as undefined. */
async function ask(net: Net, questions: readonly Question[], silentAfterMs: number) {
  const pool = net.pool?.({})
  if (pool === undefined) throw new Error('the kernel has no pool')
  const facts: (ConnectFact | undefined)[] = questions.map(() => undefined)
  const see = (tag: number, fact: ConnectFact): void => {
    facts[tag] = { ...fact }
  }
  for (const [tag, { to, port }] of questions.entries()) {
    expect(pool.begin(to, port, tag)).toBeUndefined()
    if (tag % 64 === 0) pool.collect(see, expect.fail)
  }
  while (pool.flying > 0) {
    await pool.ready(50, never)
    pool.collect(see, expect.fail)
    pool.expire(silentAfterMs * 1e6, see, () => {}, expect.fail)
  }
  pool.close()
  return facts
}

const ERRORS = {
  4: { 7: [3, 1], 8: [3, 3], 9: [3, 13], 10: [3, 0] },
  6: { 7: [1, 3], 8: [1, 4], 9: [1, 1], 10: [1, 0] },
}

describeLab('the kernel’s pool of connections', {}, (lab) => {
  let net: Net
  let leave: (() => void) | undefined
  const filtered = Array.from({ length: 500 }, (_, i) => 30_000 + 7 * i)
  beforeAll(async () => {
    const rule = `add element inet lab stealth { ${filtered.join(', ')} }`
    const { status } = await lab.exec('nft', [rule], { as: 'target' })
    expect(status).toBe(0)
    leave = enter(lab.namespace('probe'))
    net = createKernelNet(loadLibc() as Libc, nodeClock)
  })
  afterAll(() => leave?.())

  it.each(['10.78.0.2', 'fd78::2', 'fe80::2%lab0'])('tells by what the ports of %s answer', async (text) => {
    const to = address(text)
    const { open, closed, stealth, rejectedWithReset, resetAfterAccept } = PORTS
    const ports = [open, closed, stealth, rejectedWithReset, resetAfterAccept].map(({ port }) => port)
    const facts = await ask(
      net,
      ports.map((port) => ({ to, port })),
      2000,
    )
    const kinds = facts.map((fact) => fact?.kind)
    expect(kinds).toEqual(['handshake', 'refused', undefined, 'refused', 'handshake'])
  })

  it.each(['10.78.0.2', 'fd78::2'])(
    'tells the ICMP errors of %s, and none of them as a reset',
    async (text) => {
      const to = address(text)
      // Each several times, on sockets that were used before.
      const ports = [7, 111, 8, 9, 22, 10, 8, 7, 111, 9, 8] as const
      const facts = await ask(
        net,
        ports.map((port) => ({ to, port })),
        20_000,
      )
      const expected = ports.map((port) => {
        if (port === 111) return { kind: 'refused', by: 'rst' }
        if (port === 22) return { kind: 'handshake' }
        const [type, code] = ERRORS[to.family][port]
        return { kind: 'icmp-error', family: to.family, type, code, from: text }
      })
      expect(facts).toMatchObject(expected)
    },
  )

  it('says which router knew no way, and by itself that nobody has an address', async () => {
    const questions = ['10.80.0.1', '10.78.0.99', 'fd78::99'].map((text) => ({ to: address(text), port: 22 }))
    expect(await ask(net, questions, 30_000)).toMatchObject([
      { kind: 'icmp-error', family: 4, from: '10.79.0.254' },
      { kind: 'unreachable', code: 'EHOSTUNREACH' },
      { kind: 'unreachable', code: 'EHOSTUNREACH' },
    ])
  })

  it('collects it when this machine has no way', async () => {
    const to = address('198.51.100.1')
    expect(await ask(net, [{ to, port: 22 }], 20_000)).toMatchObject([
      { kind: 'unreachable', code: 'ENETUNREACH' },
    ])
  })

  it('gives no time to an answer after a second SYN', async () => {
    const lossy = { to: '10.79.0.5', lose: { first: 1 } } as const
    await lab.tun.configure({
      rules: [
        { ...lossy, ports: '22' },
        { ...lossy, ports: '111', does: 'closed' },
      ],
    })
    const to = address('10.79.0.5')
    expect(
      await ask(
        net,
        [
          { to, port: 22 },
          { to, port: 111 },
        ],
        20_000,
      ),
    ).toMatchObject([
      { kind: 'handshake', rttNs: undefined, syns: 2 },
      { kind: 'refused', rttNs: undefined, syns: 2 },
    ])
  })

  it('is wrong about none of thousands of ports in both families at once', async () => {
    const silent = new Set(filtered)
    const questions = Array.from({ length: 8000 }, (_, i) => ({
      to: address(i % 2 === 0 ? '10.78.0.2' : 'fd78::2'),
      port: 30_000 + Math.floor(i / 2),
    }))
    const facts = await ask(net, questions, 3000)
    const wrong = questions.filter(
      ({ port }, i) => facts[i]?.kind !== (silent.has(port) ? undefined : 'refused'),
    )
    expect(wrong).toEqual([])
  })
})
