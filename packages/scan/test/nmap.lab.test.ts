import { fileURLToPath } from 'node:url'
import { missing } from '@portkit/lab'
import { ScanWorld } from '@portkit/lab/scan-world'
import { builtTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NMAP_CASES } from './nmap-cases.ts'
import { DIFFERENCES } from './nmap-differences.ts'
import { seenDifferences } from './nmap-masks.ts'
import { sideBySide } from './side-by-side.ts'

const lacks = missing(['nmap', 'setpriv', 'cc'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

describe.skipIf(skipped !== '')(`portscan next to nmap${skipped}`, () => {
  const tool = builtTool(fileURLToPath(new URL('..', import.meta.url)), 'portscan')
  const world = new ScanWorld({ far: { roundTripMs: 50 } })

  beforeAll(() => world.up())
  afterAll(() => world.remove())

  describe.each(Object.entries(NMAP_CASES))('%s', (_, cases) => {
    it.concurrent.each(cases)('says what nmap says: $name', async (one) => {
      const [command, args] = tool.command()
      const { nmap, ours } = await sideBySide(world, one, [command, ...args])
      expect(ours).toEqual(nmap)
    })
  })

  it('differs wherever it is said to', () => {
    expect(DIFFERENCES.filter((each) => !seenDifferences.has(each))).toEqual([])
  })
})
