import { HOME } from './server.mjs'

/** @type {import('./server.mjs').Server} */
export const rsync = {
  name: 'rsync',
  runs: 'rsync',
  packages: ['rsync'],
  ports: [{ port: 873, protocol: 'rsync', answers: { with: /^@RSYNCD: \d+\.\d/ } }],
  files: () => ({
    'rsyncd.conf': `use chroot = no
uid = nobody
gid = nogroup
[public]
path = ${HOME}/public
comment = Files of the lab
`,
    'public/README': 'Hello\n',
  }),
  script: `rsync --daemon --no-detach --port=873 --config=${HOME}/rsyncd.conf`,
}
