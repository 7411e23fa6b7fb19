import { HOME } from './server.mjs'

/** A search for the root DSE's object class (RFC 4511 section 4.5.1). */
const ROOT = Buffer.from(
  '3025020101632004000a01000a0100020100020100010100870b6f626a656374436c6173733000',
  'hex',
)

const ldap = { protocol: 'ldap', product: 'OpenLDAP' }

/** @type {import('./server.mjs').Server} */
export const slapd = {
  name: 'slapd',
  runs: 'OpenLDAP',
  packages: ['slapd'],
  ports: [
    { port: 389, startTls: true, ...ldap, answers: { say: ROOT, with: /OpenLDAProotDSE/ } },
    { port: 636, tls: true, ...ldap },
  ],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'slapd.conf': `include /etc/ldap/schema/core.schema
modulepath /usr/lib/ldap
moduleload back_null
TLSCertificateFile ${HOME}/cert.pem
TLSCertificateKeyFile ${HOME}/key.pem
pidfile ${HOME}/pid
argsfile ${HOME}/args
database null
suffix "dc=target,dc=lab"
`,
  }),
  script: `slapd -d 0 -f ${HOME}/slapd.conf -h 'ldap:/// ldaps:///'`,
}
