import { chmodSync, writeFileSync } from 'node:fs'
import { describeLab } from '@portkit/lab/vitest'
import { describe, expect, it } from 'vitest'
import { listens, place, REAL, server, TOOLS, tool } from './kit.ts'

const PORT = 9418
const PROXY_PORT = 3128

const TINYPROXY = `
Port ${PROXY_PORT}
Listen 127.0.0.1
Allow 127.0.0.1
ConnectPort ${PORT}
`

/** Neither the system's nor the user's configuration, and an author. */
const GIT_ENV = {
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@lab',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@lab',
}

const MAKE_REPOSITORY = `
set -e
git init -q -b main made && cd made
for i in 1 2 3; do head -c 300000 /dev/urandom >blob-$i; git add . && git commit -qm "commit $i"; done
cd .. && git clone -q --bare made served/project.git
`

describeLab('git through GIT_PROXY_COMMAND', { needs: ['git', 'tinyproxy', REAL] }, (lab) => {
  const here = place()

  server(lab, async () => {
    const made = await lab.exec('bash', ['-c', MAKE_REPOSITORY], {
      cwd: here.path,
      env: { ...process.env, ...GIT_ENV },
    })
    expect(made).toMatchObject({ status: 0, stderr: '' })
    const served = here.file('served')
    return {
      command: 'git',
      args: ['daemon', '--export-all', '--enable=receive-pack', `--base-path=${served}`, `--port=${PORT}`],
      env: { ...GIT_ENV, HOME: here.path },
      ready: () => listens(lab, 'target', PORT),
    }
  })

  server(lab, () => {
    writeFileSync(here.file('tinyproxy.conf'), TINYPROXY)
    return {
      command: 'tinyproxy',
      args: ['-d', '-c', here.file('tinyproxy.conf')],
      as: 'probe',
      ready: () => listens(lab, 'probe', PROXY_PORT),
    }
  })

  describe.each(TOOLS)('%s', (name) => {
    const nc = tool(lab, name, here)
    const git = (script: string, command: string) =>
      nc.bash(`set -e\n${script}`, { env: { ...GIT_ENV, GIT_PROXY_COMMAND: command } })

    it('clones a repository with its history, the tool itself being the proxy command', async () => {
      const clone = `straight-${name}`
      const result = await git(
        `git clone -q git://target.lab/project.git ${clone}; cd ${clone}
        git fsck --strict --no-progress; git rev-parse HEAD; git -C ../served/project.git rev-parse HEAD; git log --format=%s`,
        nc.path,
      )
      expect(result).toMatchObject({ status: 0, stderr: '' })
      const [ours, theirs, ...subjects] = result.stdout.trimEnd().split('\n')
      expect(ours).toBe(theirs)
      expect(subjects).toEqual(['commit 3', 'commit 2', 'commit 1'])
    })

    it('clones and pushes through a script that goes by an HTTP proxy', async () => {
      const script = here.file(`proxy-${name}`)
      writeFileSync(script, `#!/bin/sh\nexec ${nc.path} -X connect -x 127.0.0.1:${PROXY_PORT} "$1" "$2"\n`)
      chmodSync(script, 0o755)
      const clone = `proxied-${name}`
      const result = await git(
        `git clone -q git://target.lab/project.git ${clone}; cd ${clone}
        head -c 2000000 /dev/urandom >more; git add .; git commit -qm more; git push -q origin HEAD:refs/heads/${name}
        git rev-parse HEAD; git -C ../served/project.git rev-parse refs/heads/${name}`,
        script,
      )
      expect(result).toMatchObject({ status: 0, stderr: '' })
      const [ours, theirs] = result.stdout.trimEnd().split('\n')
      expect(ours).toMatch(/^[0-9a-f]{40}$/)
      expect(ours).toBe(theirs)
    })
  })
})
