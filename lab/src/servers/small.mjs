import { HOME } from './server.mjs'

/** A queue of jobs. @type {import('./server.mjs').Server} */
export const beanstalkd = {
  name: 'beanstalkd',
  runs: 'beanstalkd',
  packages: ['beanstalkd'],
  ports: [
    {
      port: 11300,
      protocol: 'beanstalkd',
      product: 'Beanstalkd',
      version: ({ upstream }) => upstream('beanstalkd'),
      answers: { say: 'stats\r\n', with: /^OK \d+\r\n---\n/ },
    },
  ],
  script: 'beanstalkd -l :: -p 11300',
}

/** Subversion's own server. @type {import('./server.mjs').Server} */
export const svnserve = {
  name: 'svnserve',
  runs: 'svnserve',
  packages: ['subversion'],
  ports: [{ port: 3690, protocol: 'svn', answers: { with: /^\( success \( 2 2 / } }],
  script: `svnserve -d --foreground --listen-host :: --root ${HOME}`,
}
