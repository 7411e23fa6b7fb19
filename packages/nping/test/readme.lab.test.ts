import { join } from 'node:path'
import { exampleTests } from '@portkit/lab/readme-examples'

exampleTests({
  packageFolder: join(import.meta.dirname, '..'),
  tool: 'nping-ts',
  masks: [
    [/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'DATE'],
    [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'DATE'],
    [/nping-ts \d+\.\d+\.\d+/g, 'NAME'],
    [/\(\d+\.\d{4}s\)/g, '(TIME)'],
    [/[\d.]+(?:\/[\d.]+)*ms/g, 'RTT'],
    [/in [\d.]+ seconds/g, 'in TIME seconds'],
    [/(\b(?:id|seq|flow|csum)=)\w+/g, '$1N'],
    [/((?:10\.77\.0\.1|fd77::1)):\d+/g, '$1:PORT'],
    [/"(rttMs|elapsedMs|min|avg|max|median|p95|p99|mdev|jitter|port)":[\d.]+/g, '"$1":N'],
    [/"(seq|id|ipId|ack|window)":\d+/g, '"$1":N'],
    [/ +/g, ' '],
  ],
  least: 12,
})
