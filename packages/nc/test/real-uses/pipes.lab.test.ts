import { describeLab } from '@portkit/lab/vitest'
import { beforeAll, describe, expect, it } from 'vitest'
import { listens, place, REAL, settled, TOOLS, tool } from './kit.ts'

const PORT = 9000

const MAKE_TREE = `
set -e
mkdir -p tree/deep/er
head -c 3000000 /dev/urandom >tree/deep/blob
printf 'a\\nb\\n' >'tree/a name with blanks'
: >tree/deep/er/empty
ln -s deep/blob tree/link
chmod 700 tree/deep/er
`

describeLab('netcat in a pipe', { needs: ['tar', REAL] }, (lab) => {
  const here = place()

  beforeAll(async () => {
    const made = await lab.exec('bash', ['-c', MAKE_TREE], { cwd: here.path })
    expect(made).toMatchObject({ status: 0, stderr: '' })
  })

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)

    async function both(server: string, client: string) {
      const listener = nc.start(server, { as: 'target' })
      await settled(() => listens(lab, 'target', PORT), listener)
      const result = await nc.bash(client)
      return { client: result, server: await listener.done }
    }

    async function expectCopied(copy: string): Promise<void> {
      const same = await nc.bash(
        `diff -r --no-dereference tree ${copy} && stat -c %a ${copy}/deep/er && rm -r ${copy}`,
      )
      expect(same).toMatchObject({ status: 0, stdout: '700\n', stderr: '' })
    }

    it('copies a tree: tar c | nc -N to nc -l | tar x', async () => {
      const ends = await both(
        `mkdir copy && "$NC" -l ${PORT} | tar x -C copy`,
        `tar c -C tree . | "$NC" -N target.lab ${PORT}`,
      )
      const quiet = { status: 0, stdout: '', stderr: '' }
      expect(ends).toMatchObject({ client: quiet, server: quiet })
      await expectCopied('copy')
    })

    it('fetches a tree: tar c | nc -lN to nc | tar x', async () => {
      const ends = await both(
        `tar c -C tree . | "$NC" -lN ${PORT}`,
        `mkdir fetched && "$NC" -d target.lab ${PORT} | tar x -C fetched`,
      )
      const quiet = { status: 0, stdout: '', stderr: '' }
      expect(ends).toMatchObject({ client: quiet, server: quiet })
      await expectCopied('fetched')
    })

    it('ends without a word when what reads its output has had enough', async () => {
      const ends = await both(
        `"$NC" -lN ${PORT} <tree/deep/blob`,
        `"$NC" -d target.lab ${PORT} | head -c 10 | wc -c`,
      )
      expect(ends.client).toMatchObject({ stdout: '10\n', stderr: '', timedOut: false })
      expect(ends.server).toMatchObject({ stdout: '', stderr: '', timedOut: false })
    })

    it('ends when its input is over and nobody reads its output any more, though the server stays', async () => {
      const result = await nc.bash('"$NC" target.lab 13 </dev/null | true', { timeoutMs: 20_000 })
      expect(result).toMatchObject({ stdout: '', stderr: '', timedOut: false })
    })

    // The client waits with -w: with -N the first of the two would end by its end of file, before the answer is there.
    it('relays a port to another with a named pipe between two of it', async () => {
      const relay = `mkfifo back && "$NC" -lN ${PORT} <back | "$NC" 127.0.0.1 80 >back; rm back`
      const ends = await both(relay, `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | "$NC" -w 3 target.lab ${PORT}`)
      expect(ends.client).toMatchObject({ status: 0, stderr: '', timedOut: false })
      expect(ends.client.stdout).toMatch(/^HTTP\/1\.[01] 200 /)
      expect(ends.server).toMatchObject({ stderr: '', timedOut: false })
    })
  })
})
