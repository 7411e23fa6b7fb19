import { HOME } from './server.mjs'

const http = {
  protocol: 'http',
  product: 'nginx',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('nginx'),
}

const plain = {
  ...http,
  answers: { say: 'GET / HTTP/1.0\r\n\r\n', with: /^HTTP\/1\.1 200 OK\r\nServer: nginx\// },
}

/** HTTP, HTTPS with HTTP/2, both at unusual ports too, and a certificate whose time is over. @type {import('./server.mjs').Server} */
export const nginx = {
  name: 'nginx',
  runs: 'nginx',
  packages: ['nginx'],
  ports: [
    { port: 80, ...plain },
    { port: 4711, ...plain },
    { port: 443, tls: true, ...http },
    { port: 14443, tls: true, ...http },
    { port: 8443, tls: true, ...http },
  ],
  covers: ['/var/lib/nginx'],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'ca.conf': EXPIRED,
    'index.html': '<html><head><title>The lab&#39;s page</title></head></html>\n',
    'nginx.conf': CONFIGURATION,
  }),
  script: `
: >index.txt; echo 01 >serial; mkdir new
openssl req -new -config ca.conf -key key.pem -out expired.csr
openssl ca -batch -selfsign -notext -config ca.conf -keyfile key.pem -in expired.csr -out expired.pem \\
  -startdate 20200101000000Z -enddate 20210101000000Z 2>ca.log || cat ca.log
nginx -c ${HOME}/nginx.conf -e stderr
`,
}

const EXPIRED = `[req]
distinguished_name = name
prompt = no
[name]
CN = expired.lab
[ca]
default_ca = own
[own]
database = index.txt
serial = serial
new_certs_dir = new
default_md = sha256
policy = any
[any]
commonName = supplied
`

const CONFIGURATION = `daemon off;
user root;
worker_processes 1;
pid ${HOME}/nginx.pid;
error_log stderr;
events { worker_connections 512; }
http {
  access_log off;
  root ${HOME};
  types { text/html html; }
  ssl_certificate ${HOME}/cert.pem;
  ssl_certificate_key ${HOME}/key.pem;
  add_header X-Powered-By "the lab";
  server { listen 80; listen [::]:80; listen 4711; listen [::]:4711; }
  server {
    listen 443 ssl http2; listen [::]:443 ssl http2;
    listen 14443 ssl http2; listen [::]:14443 ssl http2;
  }
  server { listen 8443 ssl; listen [::]:8443 ssl; ssl_certificate ${HOME}/expired.pem; }
}
`
