import { HOME } from './server.mjs'

/** The beginning of a client's stream (RFC 6120 section 4.2). */
const STREAM =
  "<?xml version='1.0'?><stream:stream to='target.lab' version='1.0' xmlns='jabber:client' " +
  "xmlns:stream='http://etherx.jabber.org/streams'>"

/** XMPP for clients, with STARTTLS. @type {import('./server.mjs').Server} */
export const prosody = {
  name: 'prosody',
  runs: 'Prosody',
  packages: ['prosody'],
  ports: [
    {
      port: 5222,
      startTls: true,
      protocol: 'xmpp',
      answers: { say: STREAM, with: /<stream:features>.*starttls/s },
    },
  ],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'prosody.cfg.lua': `run_as_root = true
daemonize = false
pidfile = "${HOME}/pid"
data_path = "${HOME}/data"
log = { warn = "*console" }
modules_enabled = { "roster", "saslauth", "tls", "disco" }
modules_disabled = { "s2s" }
VirtualHost "target.lab"
  ssl = { key = "${HOME}/key.pem", certificate = "${HOME}/cert.pem" }
`,
  }),
  script: `
mkdir data
prosody -F --config ${HOME}/prosody.cfg.lua
`,
}
