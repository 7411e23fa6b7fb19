import { decodeLink, LINK_TYPE } from '@portkit/core/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cuttingOf } from '../src/run/cutting.ts'
import { settingsOf } from './command-line-kit.ts'

const FOUR = { family: 4, mtu: 1500 } as const
const SIX = { family: 6, mtu: 1500 } as const

async function roomFor(options: string, route: { readonly family: 4 | 6; readonly mtu: number | undefined }) {
  const host = route.family === 4 ? '10.0.0.2' : 'fd00::2'
  const cutting = cuttingOf(await settingsOf(...options.split(' ').filter(Boolean), host), route)
  return cutting && [cutting.room, cutting.isByItself]
}

describe('what packets are cut into', () => {
  it.each([
    ['', FOUR, undefined],
    ['-f', FOUR, [16, false]],
    ['-m 24', FOUR, [24, false]],
    ['-m 24', { family: 4, mtu: undefined }, [24, false]],
    ['-2 -d 1472', FOUR, undefined],
    ['-2 -d 1473', FOUR, [1480, true]],
    ['-1 -d 1472', FOUR, undefined],
    ['-1 -d 1473', FOUR, [1480, true]],
    ['-1 -C 13 -d 1460', FOUR, undefined],
    ['-1 -C 13 -d 1461', FOUR, [1480, true]],
    ['-S -d 1460', FOUR, undefined],
    ['-S -d 1461', FOUR, [1480, true]],
    ['-S --tcp-mss 1400 -d 1456', FOUR, undefined],
    ['-S --tcp-mss 1400 -d 1457', FOUR, [1480, true]],
    ['-S --tcp-timestamp -d 1448', FOUR, undefined],
    ['-S --tcp-timestamp -d 1449', FOUR, [1480, true]],
    ['-1 -G -d 1432', FOUR, undefined],
    // 1500 less 60 of header is a multiple of 8.
    ['-1 -G -d 1433', FOUR, [1440, true]],
    ['-2 -d 1452', SIX, undefined],
    ['-2 -d 1453', SIX, [1448, true]],
    ['-2 -d 3000', { family: 4, mtu: undefined }, undefined],
    ['-2 -d 3000 -x', FOUR, undefined],
    ['-2 -d 3000 -g 8', FOUR, undefined],
  ] as const)('%j on a way of %j', async (options, route, room) => {
    expect(await roomFor(options, route)).toEqual(room)
  })

  it('has room for the header of each fragment, on ways of whatever size', async () => {
    const four = await settingsOf('-2', '-d', '60000', '10.0.0.2')
    const six = await settingsOf('-2', '-d', '60000', 'fd00::2')
    fc.assert(
      fc.property(fc.integer({ min: 68, max: 9000 }), (mtu) => {
        const room = cuttingOf(four, { family: 4, mtu })?.room ?? Number.NaN
        expect([room % 8, room + 20 <= mtu, room + 28 > mtu]).toEqual([0, true, true])
        if (mtu < 1280) return
        const room6 = cuttingOf(six, { family: 6, mtu })?.room ?? Number.NaN
        expect([room6 % 8, room6 + 48 <= mtu, room6 + 56 > mtu]).toEqual([0, true, true])
      }),
    )
  })

  it('cuts packets into such pieces', async () => {
    const cutting = cuttingOf(await settingsOf('-2', '-m', '16', 'fd00::2'), SIX)
    const packet = new Uint8Array(40 + 40)
    // Version, length of what follows, UDP, hop limit.
    packet.set([0x60, 0, 0, 0, 0, 40, 17, 64])
    const pieces = cutting?.reshape(packet, packet.length) ?? []
    expect(pieces.map((piece) => piece.length)).toEqual([64, 64, 56])
    const kinds = pieces.map((piece) => decodeLink(LINK_TYPE.raw, piece)?.network?.kind)
    expect(kinds).toEqual(['ipv6', 'ipv6', 'ipv6'])
  })
})
