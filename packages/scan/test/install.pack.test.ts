import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { type Installation, installTests } from '../../../tools/test/install-tests.ts'
import { mayMakePackets, whyNot } from '../../../tools/test/packets-kit.ts'

installTests(
  {
    folder: 'scan',
    command: 'portscan',
    parts: ['about', 'cli', 'more', 'packets'],
    beside: ['examples/README.md', 'examples/job.yaml', 'examples/parallel.sh', 'examples/slurm.sh'],
    optional: ['koffi', 'raw-socket'],
    compiles: 'raw-socket',
  },
  async (installation) => {
    const { run, version, port } = installation
    expect((await run('-V')).stdout).toBe(`portscan version ${version} (portkit)\n`)
    const scan = (...options: readonly string[]) => run(...options, '-n', '-p', port, '127.0.0.1')

    const connect = await scan('-sT', '--reason')
    expect(connect.stdout).toMatch(new RegExp(`^${port}/tcp open +.*syn-ack`, 'm'))
    expect(connect.status).toBe(0)
    await expectPackets(await scan('-sS', '--json'), installation)

    // What asks for versions, and what explains the tool, are inside the bundle.
    const versions = await scan('-sT', '-sV', '--version-light', '--json')
    expect(JSON.parse(versions.stdout).hosts[0]).toMatchObject({ hasVersions: true })
    expect((await run('--man')).stdout).toContain('.TH "PORTSCAN" 1')
    expect((await run('--completion', 'bash')).stdout).toContain('--top-ports')
    await expectResults(installation)
  },
)

type Ended = Awaited<ReturnType<Installation['run']>>

/** A scan by packets, where these can be had, and else the reason. */
async function expectPackets(ended: Ended, { port, hasKernel, compiled }: Installation): Promise<void> {
  const { stdout, stderr, status } = ended
  const why = whyNot(compiled)
  const lacking = hasKernel ? undefined : why
  if (lacking === undefined && mayMakePackets()) {
    const [host] = JSON.parse(stdout).hosts
    expect(host.ports.rows).toMatchObject([{ port: Number(port), state: 'open', reason: 'syn-ack' }])
    expect(status).toBe(0)
    return
  }
  expect({ stdout, status }).toEqual({ stdout: '', status: 1 })
  expect(stderr).toMatch(lacking ?? /requires root privileges/)
}

/** Results are joined and compared by what was installed. */
async function expectResults({ run, port }: Installation): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'portscan-results-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const [one, two, all] = ['one.xml', 'two.json', 'all.xml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const scan = (...options: readonly string[]) => run('-sT', '-n', ...options, '127.0.0.1')
  expect((await scan('-p', port, '-oX', one)).status).toBe(0)
  expect((await scan('-p', `${port},${port}`, '-oJ', two)).status).toBe(0)
  const merged = await run('merge', '-oX', all, one, two)
  expect(merged).toMatchObject({ stderr: '', status: 0 })
  expect(merged.stdout).toMatch(new RegExp(`^${port}/tcp open`, 'm'))
  expect(await run('diff', one, all)).toMatchObject({ stderr: '', status: 0 })
  expect((await run('diff', one, join(folder, 'none.xml'))).status).toBe(2)
}
