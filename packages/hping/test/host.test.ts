import { simIo, type World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { destinationOf, hostOf } from '../src/run/host.ts'
import { settingsOf } from './command-line-kit.ts'

const INTERFACES: World['interfaces'] = {
  eth0: [{ address: '10.0.0.1', family: 4 }],
  wlan1: [{ address: '10.0.0.9', family: 4 }],
  wlan10: [{ address: 'fd00::1', family: 6 }],
}
const WORLD: World = {
  ports: {},
  hosts: {
    'db.lan': ['10.0.0.2', 'fd00::2'],
    'six.lan': ['fd00::2'],
    'me.lan': ['10.0.0.9'],
    'you.lan': ['10.0.0.3'],
  },
  addresses: ['10.0.0.1', '10.0.0.9', 'fd00::1'],
  interfaces: INTERFACES,
}

async function found(...argv: readonly string[]) {
  return destinationOf(await settingsOf(...argv), simIo(WORLD))
}

describe('who is asked', () => {
  it.each([
    ['10.0.0.2', { name: undefined, address: '10.0.0.2', family: 4 }],
    ['fd00::2', { name: undefined, address: 'fd00::2', family: 6 }],
    ['db.lan', { name: 'db.lan', address: '10.0.0.2', family: 4 }],
    ['-6 db.lan', { name: 'db.lan', address: 'fd00::2', family: 6 }],
    ['six.lan', { name: 'six.lan', address: 'fd00::2', family: 6 }],
  ])('with %s', async (words, host) => {
    expect((await found(...words.split(' '))).host).toEqual(host)
    expect(await hostOf(await settingsOf(...words.split(' ')), simIo(WORLD))).toEqual(host)
  })

  it.each(['nobody.lan', '-4 six.lan'])('is nobody with %s', async (words) => {
    await expect(found(...words.split(' '))).rejects.toMatchObject({ name: 'ResolveError' })
  })

  it.each([
    ['-G six.lan', /^-G: /],
    ['-y six.lan', /^-y: /],
    ['-N 5 six.lan', /^-N: /],
    ['-1 -C 13 six.lan', /^timestamp requests/],
  ])('may not have what %s wants', async (words, why) => {
    await expect(found(...words.split(' '))).rejects.toThrow(why)
  })
})

describe('the interface', () => {
  it('is the one that is named, in whole or by a part that no other has', async () => {
    expect((await found('-I', 'eth0', '10.0.0.2')).route.interfaceName).toBe('eth0')
    expect((await found('-I', 'th', '10.0.0.2')).route.interfaceName).toBe('eth0')
  })

  it.each([
    ['eth9', /^-I: "eth9" is no network interface that is up and has an address: eth0, wlan1, wlan10$/],
    ['wl', /^-I: "wl" is several interfaces: wlan1, wlan10$/],
    ['\u001b[31m', /^-I: "\\u001b\[31m" is no network interface/],
  ])('cannot be %j', async (name, why) => {
    await expect(found('-I', name, '10.0.0.2')).rejects.toThrow(why)
  })

  it('is the one with exactly that name, where others have it in theirs', async () => {
    // It is there, but this world's packets do not leave by it.
    await expect(found('-I', 'wlan1', '10.0.0.2')).rejects.toMatchObject({ code: 'ENODEV' })
  })
})

describe('the source', () => {
  it.each(['10.0.0.9', 'me.lan'])('may be an own address: %s', async (source) => {
    expect((await found('-a', source, '10.0.0.2')).route.source).toBe('10.0.0.9')
  })

  it.each(['10.0.0.3', 'you.lan', '10.0.0.2'])('may be no other: %s', async (source) => {
    await expect(found('-a', source, '10.0.0.2')).rejects.toThrow(/is not an address of this machine/)
  })

  it('has the family of the host', async () => {
    await expect(found('-a', 'me.lan', 'six.lan')).rejects.toMatchObject({ name: 'ResolveError' })
  })
})
