import { appendFileSync, chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeLab, PORTS } from '@portkit/lab/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { listens, place, REAL, serve, TOOLS, tool } from './kit.ts'

const FLAPPING = PORTS.flapping.port

/** In the manner of the scripts that start a service after the one it needs: HOST PORT TRIES COMMAND... */
const WAIT_FOR = `#!/bin/sh
HOST=$1 PORT=$2 LEFT=$3
shift 3
while ! "$NC" -w 1 -z "$HOST" "$PORT"; do
  LEFT=$((LEFT - 1))
  if [ "$LEFT" -le 0 ]; then
    echo "$HOST:$PORT did not come up" >&2
    exit 1
  fi
  echo "waiting for $HOST:$PORT"
  sleep 0.2
done
exec "$@"
`

describeLab('a wait-for script', { needs: [REAL] }, (lab) => {
  const here = place()

  beforeAll(() => {
    writeFileSync(here.file('wait-for'), WAIT_FOR)
    chmodSync(here.file('wait-for'), 0o755)
  })

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)
    const waitFor = (port: number, tries: number, host = 'target.lab') =>
      `./wait-for ${host} ${port} ${tries} sh -c 'echo "it is up"; exit 5'`

    it('starts the command at once when the port is open', async () => {
      const result = await nc.bash(waitFor(22, 3))
      expect(result).toMatchObject({ status: 5, stdout: 'it is up\n', stderr: '' })
    })

    it('waits while the port is closed and starts the command when it opens', async () => {
      await lab.target.setPort(FLAPPING, 'closed')
      const running = nc.start(waitFor(FLAPPING, 100))
      await running.until(/waiting for target\.lab:16\nwaiting/)
      await lab.target.setPort(FLAPPING, 'open')
      const { stdout, stderr, status } = await running.done
      expect(stdout).toMatch(/^(waiting for target\.lab:16\n)+it is up\n$/)
      expect({ stderr, status }).toEqual({ stderr: '', status: 5 })
    })

    it.each([
      ['closed', 111],
      ['stealth', PORTS.stealth.port],
    ])('gives up when the port stays %s', async (_, port) => {
      const { address4 } = lab.target
      const result = await nc.bash(waitFor(port, 1, address4))
      expect(result).toMatchObject({
        status: 1,
        stdout: '',
        stderr: `${address4}:${port} did not come up\n`,
        timedOut: false,
      })
    })
  })
})

const POSTGRES_PORT = 5432
const POSTGRES = postgresFolder()

/** The loop of many start scripts, but that it tells what it does, and what comes after it. */
const WAIT_FOR_DATABASE = `
mount --bind hosts /etc/hosts
while ! "$NC" -z db ${POSTGRES_PORT}; do echo waiting; sleep 1; done
echo up
until '${POSTGRES}/pg_isready' -q -h db; do sleep 0.1; done
'${POSTGRES}/psql' -h db -U lab -d postgres -Atc 'select 6 * 7'
`

describeLab(
  'while ! nc -z db 5432',
  { needs: [POSTGRES === undefined ? 'postgres' : 'setpriv', REAL] },
  (lab) => {
    const here = place()
    const loops = { 'nc-ts': tool(lab, 'nc-ts', here), [REAL]: tool(lab, REAL, here) }
    const asPostgres = ['--reuid=postgres', '--regid=postgres', '--clear-groups']

    beforeAll(async () => {
      writeFileSync(here.file('hosts'), `${lab.target.address4} db\n`)
      const made = await lab.exec('install', ['-d', '-o', 'postgres', '-m', '700', here.file('data')])
      expect(made).toMatchObject({ status: 0, stderr: '' })
      const initdb = [
        `${POSTGRES}/initdb`,
        '-D',
        here.file('data'),
        '-U',
        'lab',
        '--auth=trust',
        '--no-sync',
        '--no-locale',
      ]
      const database = await lab.exec('setpriv', [...asPostgres, ...initdb], { cwd: '/', timeoutMs: 50_000 })
      expect(database).toMatchObject({ status: 0 })
      appendFileSync(here.file('data/pg_hba.conf'), 'host all all 10.78.0.0/24 trust\n')
    })

    const settings = {
      port: POSTGRES_PORT,
      listen_addresses: '*',
      unix_socket_directories: '',
      dynamic_shared_memory_type: 'mmap',
      fsync: 'off',
    }
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])

    it.each(TOOLS)('goes on when PostgreSQL is there: %s', async (name) => {
      const loop = loops[name].start(WAIT_FOR_DATABASE)
      await loop.until(/waiting/)
      const postgres = await serve(lab, {
        command: 'setpriv',
        args: [...asPostgres, `${POSTGRES}/postgres`, '-D', here.file('data'), ...options],
        ready: () => listens(lab, 'target', POSTGRES_PORT),
        stop: 'SIGINT',
      })
      // It must end by itself: a killed one leaves shared memory behind.
      const { stdout, stderr, status } = await loop.done.finally(postgres.stop)
      expect(stdout).toMatch(/^(waiting\n)+up\n42\n$/)
      expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    })
  },
)

/** Debian keeps the programs of each version in a folder of their own, off PATH. */
function postgresFolder(): string | undefined {
  const versions = '/usr/lib/postgresql'
  if (!existsSync(versions)) return undefined
  const folders = readdirSync(versions).map((version) => join(versions, version, 'bin'))
  return folders.find((folder) => existsSync(join(folder, 'postgres')))
}
