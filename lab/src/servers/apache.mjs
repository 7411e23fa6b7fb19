import { HOME } from './server.mjs'

const http = {
  protocol: 'http',
  product: 'Apache',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('apache2-bin'),
}

const MODULES = ['mpm_event', 'authz_core', 'dir', 'mime', 'socache_shmcb', 'ssl']

/** @type {import('./server.mjs').Server} */
export const apache = {
  name: 'apache2',
  runs: 'Apache httpd',
  packages: ['apache2-bin'],
  ports: [
    {
      port: 8080,
      ...http,
      answers: { say: 'GET / HTTP/1.0\r\n\r\n', with: /^HTTP\/1\.1 200 OK\r\nDate: .*\r\nServer: Apache\// },
    },
    { port: 8444, tls: true, ...http },
  ],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'site/index.html': '<title>Apache in the lab</title>\n',
    'mime.types': 'text/html html\n',
    'apache.conf': CONFIGURATION,
  }),
  script: `apache2 -DFOREGROUND -d ${HOME} -f ${HOME}/apache.conf`,
}

const CONFIGURATION = `${MODULES.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`).join('\n')}
ServerName target.lab
PidFile ${HOME}/pid
Mutex file:${HOME}
DefaultRuntimeDir ${HOME}
ErrorLog ${HOME}/error.log
User www-data
Group www-data
StartServers 1
ThreadsPerChild 25
TypesConfig ${HOME}/mime.types
DocumentRoot ${HOME}/site
DirectoryIndex index.html
Listen 8080
Listen 8444
<VirtualHost *:8444>
SSLEngine on
SSLCertificateFile ${HOME}/cert.pem
SSLCertificateKeyFile ${HOME}/key.pem
</VirtualHost>
`
