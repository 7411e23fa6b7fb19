import { expect, it } from 'vitest'
import { zookeeper } from '../src/protocols/data/zookeeper.ts'
import { contextOf, detectorTests, octetsOf } from './detector-kit.ts'

const srvr = `Zookeeper version: 3.8.0-5a02a05eddb59aee6ac762f7ea82e92a68eb9c0f, built on 2022-02-25 08:49 UTC
Latency min/avg/max: 0/0.0/0
Received: 1
Sent: 0
Connections: 1
Outstanding: 0
Zxid: 0x0
Mode: standalone
Node count: 5
`

detectorTests(zookeeper, [
  {
    title: 'with version and mode',
    octets: srvr,
    service: {
      protocol: 'zookeeper',
      product: 'ZooKeeper',
      version: '3.8.0',
      details: { mode: 'standalone' },
    },
  },
  {
    title: 'without a mode by an answer that is cut',
    octets: srvr.slice(0, 150),
    service: { protocol: 'zookeeper', product: 'ZooKeeper', version: '3.8.0' },
  },
  {
    title: 'when it may not tell',
    octets: 'srvr is not executed because it is not in the whitelist.\n',
    service: { protocol: 'zookeeper', product: 'ZooKeeper', info: 'command not allowed' },
  },
  {
    title: 'when it is out of service',
    octets: 'This ZooKeeper instance is not currently serving requests\n',
    service: { protocol: 'zookeeper', product: 'ZooKeeper', info: 'not serving requests' },
  },
  { title: 'not by a version in words', octets: 'Zookeeper version: none\n', service: undefined },
  { title: 'not by four letters', octets: 'srvr?\n', service: undefined },
])

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', 'Zoom', 'srvx', 'Thus'])
    expect(zookeeper.detect(octetsOf(`${text}!`), contextOf({ ended: false }))).toBeUndefined()
})
