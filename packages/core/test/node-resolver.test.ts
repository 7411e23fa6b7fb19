import { describe, expect, it } from 'vitest'
import { nodeResolver } from '../src/io/node/node-resolver.ts'

describe('the resolver of the system', () => {
  it.each([
    ['10.0.0.2', undefined, { address: '10.0.0.2', family: 4 }],
    ['10.77.2', undefined, { address: '10.77.0.2', family: 4 }],
    ['012.0115.0.2', undefined, { address: '10.77.0.2', family: 4 }],
    ['172818434', 4, { address: '10.77.0.2', family: 4 }],
    ['0', undefined, { address: '0.0.0.0', family: 4 }],
    ['::0001', 6, { address: '::1', family: 6 }],
    ['::ffff:10.0.0.2', 4, { address: '10.0.0.2', family: 4 }],
    ['fe80::1%1', undefined, { address: 'fe80::1%1', family: 6 }],
  ] as const)('takes %s (family %s) for what getaddrinfo does', async (host, family, address) => {
    expect(await nodeResolver.lookup(host, family)).toEqual([address])
  })

  it.runIf(process.platform === 'linux')('knows the zones that are interfaces', async () => {
    expect(await nodeResolver.lookup('fe80::1%lo')).toEqual([{ address: 'fe80::1%lo', family: 6 }])
  })

  it.each([
    ['::1', 4, 'EAI_ADDRFAMILY', 'Address family for hostname not supported'],
    ['127.0.0.1', 6, 'EAI_ADDRFAMILY', 'Address family for hostname not supported'],
    ['', undefined, 'EAI_NONAME', 'Name or service not known'],
    ['a\0b', undefined, 'EAI_NONAME', 'Name or service not known'],
    ['::1%lo', undefined, 'EAI_NONAME', 'Name or service not known'],
    ['fe80::1%no-such-one', undefined, 'EAI_NONAME', 'Name or service not known'],
    ['x'.repeat(300), undefined, 'EINVAL', 'Name or service not known'],
  ] as const)('does not know %j with family %s', async (host, family, code, message) => {
    await expect(nodeResolver.lookup(host, family)).rejects.toMatchObject({
      name: 'ResolveError',
      host,
      code,
      message,
    })
  })

  it('has no name for what is no address', async () => {
    expect(await nodeResolver.reverse('nonsense')).toBeUndefined()
    expect(await nodeResolver.reverse('nonsense', new AbortController().signal)).toBeUndefined()
  })

  it('names an address of the hosts file also when its look-up may be ended', async () => {
    const withSignal = await nodeResolver.reverse('127.0.0.1', new AbortController().signal)
    expect(withSignal).toBe(await nodeResolver.reverse('127.0.0.1'))
    expect(await nodeResolver.reverse('127.0.0.1', AbortSignal.abort())).toBeUndefined()
  })
})
