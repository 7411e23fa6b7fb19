import { join } from 'node:path'
import { exampleTests } from '@portkit/lab/readme-examples'

exampleTests({
  packageFolder: join(import.meta.dirname, '..'),
  tool: 'hping-ts',
  masks: [
    [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'DATE'],
    [/\bmdev = [\d.]+ ms/g, 'mdev = RTT ms'],
    [/\b(rtt|hoprtt|max)( ?= ?)[\d./]*[1-9][\d./]* ms/g, '$1$2RTT ms'],
    [/\d+\.\d{3}ms/g, 'RTT'],
    [/(?<=\blen=\d+ ip=.* )id=(?!0\b)\d+/g, 'id=ID'],
    [/(?<=^status=\d )port=\d+/gm, 'port=PORT'],
    [/"(rttMs|elapsedMs|min|avg|max|median|p95|p99)":[\d.]+/g, '"$1":N'],
    [/"(seq|ack)":\d{3,}/g, '"$1":N'],
    [/ +/g, ' '],
  ],
  least: 15,
})
