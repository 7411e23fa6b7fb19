import { HOME } from './server.mjs'

/** CONNECT of MQTT 3.1.1, clean session, with an empty client identifier. */
const CONNECT = Buffer.from('100c00044d515454040200000000', 'hex')

/** The broker tells its version below $SYS to whoever may subscribe. */
const mqtt = {
  protocol: 'mqtt',
  product: 'mosquitto',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('mosquitto'),
}

/** @type {import('./server.mjs').Server} */
export const mosquitto = {
  name: 'mosquitto',
  runs: 'Mosquitto',
  packages: ['mosquitto'],
  ports: [
    { port: 1883, ...mqtt, answers: { say: CONNECT, with: /^20020000$/, hex: true } },
    { port: 8883, tls: true, ...mqtt },
  ],
  files: ({ key, cert }) => ({
    'key.pem': key,
    'cert.pem': cert,
    'mosquitto.conf': `user root
allow_anonymous true
listener 1883
listener 8883
certfile ${HOME}/cert.pem
keyfile ${HOME}/key.pem
`,
  }),
  script: `mosquitto -c ${HOME}/mosquitto.conf`,
}
