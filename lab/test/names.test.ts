import { describe, expect, it } from 'vitest'
import { canLab, missing } from '../src/missing.mjs'
import { isAlive, namedId, namespaceOf, ownedId, parseNamespace } from '../src/names.mjs'
import { parseWish } from '../src/options.mjs'
import { hostsFile, planLab } from '../src/plan.mjs'
import { PORTS } from '../src/ports.mjs'

describe('the name of a namespace', () => {
  it('tells the lab, the side and a living owner', () => {
    const id = ownedId()
    const parsed = parseNamespace(namespaceOf(id, 'router'))
    expect(parsed).toMatchObject({ id, role: 'router', owner: { kind: 'process', pid: process.pid } })
    expect(parsed?.owner.kind === 'process' && isAlive(parsed.owner)).toBe(true)
    expect(ownedId()).not.toBe(id)
  })

  it('does not take a later process of the same number for the owner', () => {
    expect(isAlive({ kind: 'process', pid: process.pid, start: '0' })).toBe(false)
    expect(isAlive({ kind: 'process', pid: 2 ** 22 + 1, start: '0' })).toBe(false)
  })

  it.each(['a', 'a-probe', 'X_1'])('belongs to nobody in a lab called %s', (name) => {
    const id = namedId(name)
    expect(parseNamespace(namespaceOf(id, 'probe'))).toEqual({
      id,
      role: 'probe',
      owner: { kind: 'nobody', name },
    })
  })

  it.each(['', '-a', 'a/b', '../a', 'a b', 'x'.repeat(33)])('cannot hold the name %j', (name) => {
    expect(() => namedId(name)).toThrow('lab name invalid')
  })

  it.each(['mine', 'pk-', 'pk-1-2-probe', 'pk-12-ab-cd', 'pk-x-ab-cd-probe', 'apk-12-ab-cd-probe'])(
    'is not one of ours: %s',
    (name) => expect(parseNamespace(name)).toBeUndefined(),
  )
})

describe('what a lab needs', () => {
  it('is named when it is missing', () => {
    expect(missing(['no-such-program'])).toContain(process.platform === 'linux' ? 'no-such-program' : 'Linux')
    expect(canLab(['no-such-program'])).toBe(false)
  })
})

describe('pnpm lab', () => {
  const usual = { name: 'default', routed: false, as: 'probe', command: [] }

  it.each([
    [['up'], { ...usual, verb: 'up' }],
    [['up', '--routed', '--name=x'], { ...usual, verb: 'up', routed: true, name: 'x' }],
    [['exec', '--', 'ls', '--', '-l'], { ...usual, verb: 'exec', command: ['ls', '--', '-l'] }],
    [
      ['exec', '--as', 'target', 'ip', '--name'],
      { ...usual, verb: 'exec', as: 'target', command: ['ip', '--name'] },
    ],
    [['exec', '--name=x', '--', '--odd'], { ...usual, verb: 'exec', name: 'x', command: ['--odd'] }],
  ])('understands %j', (args, wish) => expect(parseWish(args)).toEqual(wish))

  it.each([
    [[], 'say what to do'],
    [['toString'], 'no such command: toString'],
    [['exec', '--as', 'x', 'ls'], '--as takes probe, router or target, not x'],
    [['exec', '--name', 'x'], 'exec needs a command'],
    [['list', '--routed'], "Unknown option '--routed'"],
    [['down', 'x'], "Unexpected argument 'x'"],
  ])('refuses %j', (args, message) => expect(() => parseWish(args)).toThrow(message))
})

describe('the plan of a lab', () => {
  it.each([false, true])('has every address once (routed: %s)', (routed) => {
    const { nodes } = planLab({ routed })
    const all = nodes.flatMap(({ links }) => links.flatMap(({ addresses }) => addresses))
    const global = all.filter((address) => !address.startsWith('fe80'))
    expect(new Set(global).size).toBe(global.length)
  })

  it('names the dead address before the living one', () => {
    expect(hostsFile(planLab({}))).toContain('fd78::dead dead6.lab\n10.78.0.2 dead6.lab\n')
  })

  it('has every port once', () => {
    const ports = Object.values(PORTS).map(({ port }) => port)
    expect(new Set(ports).size).toBe(ports.length)
  })
})
