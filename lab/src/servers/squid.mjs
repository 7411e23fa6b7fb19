import { HOME } from './server.mjs'

/** @type {import('./server.mjs').Server} */
export const squid = {
  name: 'squid',
  runs: 'Squid',
  packages: ['squid'],
  ports: [
    {
      port: 3128,
      protocol: 'http-proxy',
      product: 'squid',
      version: ({ upstream }) => upstream('squid'),
      answers: { say: 'GET / HTTP/1.0\r\n\r\n', with: /^HTTP\/1\.1 400 Bad Request\r\nServer: squid\// },
    },
  ],
  files: () => ({
    'squid.conf': `http_port 3128
visible_hostname target.lab
http_access deny all
cache_mem 1 MB
cache_log ${HOME}/cache.log
access_log none
pid_filename none
coredump_dir ${HOME}
netdb_filename none
pinger_enable off
max_filedescriptors 1024
`,
  }),
  script: `
chown proxy .
squid -N -f ${HOME}/squid.conf
`,
}
