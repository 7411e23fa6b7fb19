import { join } from 'node:path'
import { exampleTests } from '@portkit/lab/readme-examples'
import { ScanWorld } from '@portkit/lab/scan-world'

exampleTests({
  packageFolder: join(import.meta.dirname, '..'),
  tool: 'portscan',
  world: new ScanWorld(),
  needs: ['jq'],
  masks: [
    [/\bportscan \d+\.\d+\.\d+(?=[ "])/g, 'portscan VERSION'],
    [/\d{4}-\d\d-\d\d \d\d:\d\d \S+$/gm, 'DATE'],
    [/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, 'DATE'],
    [/(?<= start=")\d+/g, 'TIME'],
    [/\(\d+\.\d+s latency\)/g, '(TIME latency)'],
    [/\d+\.\d\d seconds/g, 'TIME seconds'],
    [/(?<=^Partial result: )\d+/gm, 'N'],
  ],
  least: 15,
})
