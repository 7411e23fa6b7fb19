import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { GREETING, installTests } from '../../../tools/test/install-tests.ts'

const RECOG = join(import.meta.dirname, 'fixtures', 'recog')

installTests(
  { folder: 'banner', command: 'banner', parts: ['about', 'cli', 'more', 'packets'], optional: ['koffi'] },
  async ({ run, version, port, hasKernel }) => {
    expect((await run('--version')).stdout).toContain(version)
    const unknown = `${port}/tcp  open                 answered, unknown: "hello\\x0a"\n`
    const quiet = await run('--light', '127.0.0.1', port)
    expect(quiet).toEqual({ stdout: unknown, stderr: '', status: 1 })

    const match = ['--match', '^(?<protocol>hel)(?<product>lo)\\n$']
    const { stdout, status } = await run('--json', ...match, '127.0.0.1', port)
    const record = JSON.parse(stdout)
    const [exchange] = record.exchanges
    expect({ ...record, received: atob(exchange.receivedBase64), status }).toMatchObject({
      tool: 'banner',
      state: 'open',
      protocol: 'hel',
      product: 'lo',
      clock: hasKernel ? 'kernel' : 'process',
      received: GREETING,
      status: 0,
    })

    // What reads XML, and the thread that matches, are inside the bundle.
    const ssh = await sshServer()
    const named = await run('--light', '--json', '--fingerprints', RECOG, '127.0.0.1', ssh)
    expect(JSON.parse(named.stdout)).toMatchObject({
      protocol: 'ssh',
      cpes: ['cpe:2.3:a:acme:ssh_server:1.2:*:*:*:*:*:*:*'],
    })
  },
)

/** @returns the port on 127.0.0.1 of a server with a name that only the fingerprints of the tests know */
async function sshServer(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-ACME_ssh_1.2\r\n'))
  server.listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return `${port}`
}
