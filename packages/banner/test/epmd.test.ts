import { expect, it } from 'vitest'
import { epmd } from '../src/protocols/machines/epmd.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const asked = { asked: 'epmd', port: 4369 }

detectorTests(epmd, [
  {
    title: 'with the nodes that it knows',
    octets: '\0\0\x11\x11name rabbit at port 25672\nname couch at port 41003\n',
    service: { protocol: 'epmd', details: { nodes: ['rabbit at port 25672', 'couch at port 41003'] } },
  },
  { title: 'without any node', octets: '\0\0\x11\x11', context: asked, service: { protocol: 'epmd' } },
  { title: 'not by four octets as an answer to something else', octets: '\0\0\x11\x11', service: undefined },
  { title: 'not by the number of another port', octets: '\0\0\0\x04', context: asked, service: undefined },
  { title: 'not by no port', octets: '\0\0\0\0', context: asked, service: undefined },
  { title: 'not by half a port', octets: '\0\0\x11', context: asked, service: undefined },
  { title: 'not by a line of another kind', octets: '\0\0\x11\x11name: x\n', service: undefined },
])

it('tells twenty nodes at most', () => {
  const octets = octetsOf(`\0\0\x11\x11${'name a at port 1\n'.repeat(400)}`)
  const service = epmd.detect(octets, contextOf({ ended: false }))
  expect(service).toEqual({ protocol: 'epmd', details: { nodes: Array(20).fill('a at port 1') } })
})

it('asks for names, and rejects other answers by their first octets', () => {
  expect([...probeOf(epmd)]).toEqual([0, 1, 110])
  for (const text of ['H', '\0\x01', '\0\0\0\x05nope'])
    expect(epmd.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})
