import { HOME } from './server.mjs'

/** A request for a repository that there is (gitprotocol-pack(5)). */
const REQUEST = '0030git-upload-pack /lab.git\0host=target.lab\0\0'
const framed = `${REQUEST.length.toString(16).padStart(4, '0')}${REQUEST.slice(4)}`

/** @type {import('./server.mjs').Server} */
export const git = {
  name: 'git',
  runs: 'git daemon',
  packages: ['git'],
  ports: [{ port: 9418, protocol: 'git', answers: { say: framed, with: /^[0-9a-f]{4}/ } }],
  script: `
git init -q --bare lab.git
git daemon --base-path=${HOME} --export-all
`,
}
