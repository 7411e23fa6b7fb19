import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtTool } from '@portkit/lab/tool'
import { describeLab } from '@portkit/lab/vitest'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, expect, it } from 'vitest'

const packageFolder = join(import.meta.dirname, '..')
const SCAN = ['-sT', '-Pn', '-n', '-p', '7-30,80,111,137,443', '10.78.0.2']

/** `22 open`, of every port that the file tells by number, whichever states it has collapsed. */
function portsIn(path: string): readonly string[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'port',
  })
  const [host] = [parser.parse(readFileSync(path, 'utf8')).nmaprun.host].flat()
  return host.ports.port.map(
    (port: { portid: string; state: { state: string } }) => `${port.portid} ${port.state.state}`,
  )
}

describeLab('examples of scans in parts', { needs: ['parallel'] }, (lab) => {
  const tool = builtTool(packageFolder, 'portscan')
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'examples-'))
    mkdirSync(join(folder, 'bin'))
    symlinkSync(join(tool.directory(), 'portscan.cjs'), join(folder, 'bin/portscan'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('by GNU parallel find what one scan finds', async () => {
    // HOME, where GNU parallel keeps its files.
    const env = { ...process.env, HOME: folder, PATH: `${join(folder, 'bin')}:${process.env.PATH}` }
    const script = join(packageFolder, 'examples/parallel.sh')
    const options = { env, cwd: folder, timeoutMs: 50_000 }
    const parts = await lab.exec(script, ['5', ...SCAN], options)
    expect({ status: parts.status, stderr: parts.stderr }).toMatchObject({ status: 0 })
    const whole = await tool.run(lab, [...SCAN, '-oX', join(folder, 'whole.xml')])
    expect(whole.status).toBe(0)
    const merged = portsIn(join(folder, 'results/all.xml'))
    expect(merged).toEqual(portsIn(join(folder, 'whole.xml')))
    expect(merged).toContain('22 open')
    const each = [1, 2, 3, 4, 5].flatMap((part) => portsIn(join(folder, `results/part-${part}.xml`)))
    expect(each.toSorted()).toEqual(merged.toSorted())
    expect(parts.stdout).toMatch(/^22\/tcp +open/m)
  })
})
