import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('hostile-program.mjs', import.meta.url))

/** What each hostile port does; see hostile-program.mjs. */
export const HOSTILE = /** @type {const} */ ({
  silent: 6600,
  closes: 6601,
  resets: 6602,
  drips: 6603,
  endless: 6604,
  megabyte: 6605,
  garbageTls: 6606,
  escapes: 6607,
  redirects: 6608,
  bomb: 6609,
  headers: 6610,
  lyingSsh: 6611,
})

const get = 'GET / HTTP/1.0\r\n\r\n'

/** Ports that are there to harm whoever asks. @type {import('./server.mjs').Server} */
export const hostile = {
  name: 'hostile',
  runs: 'our own script',
  packages: [],
  ports: [
    { port: HOSTILE.silent, outcome: 'silent' },
    { port: HOSTILE.closes, outcome: 'closed' },
    { port: HOSTILE.resets, outcome: 'reset' },
    { port: HOSTILE.drips, outcome: 'unknown', answers: { with: /^x/ } },
    { port: HOSTILE.endless, outcome: 'unknown', answers: { with: /^y{1000}/ } },
    { port: HOSTILE.megabyte, outcome: 'unknown', answers: { with: /^z{1000}/ } },
    {
      port: HOSTILE.garbageTls,
      outcome: 'any',
      answers: { say: '\x16\x03\x01', with: /^1603034000/, hex: true },
    },
    { port: HOSTILE.escapes, outcome: 'unknown', answers: { with: /^1b5d303b/, hex: true } },
    {
      port: HOSTILE.redirects,
      protocol: 'http',
      answers: { say: get, with: /^HTTP\/1\.1 302 .*Location: \//s },
    },
    { port: HOSTILE.bomb, protocol: 'http', answers: { say: get, with: /Content-Encoding: gzip\r\n/ } },
    {
      port: HOSTILE.headers,
      protocol: 'http',
      answers: { say: get, with: /^485454502f312e3120323030.*5365727665723a201b/, hex: true },
    },
    { port: HOSTILE.lyingSsh, protocol: 'ssh', answers: { with: /^5353482d322e302d1b/, hex: true } },
  ],
  script: `'${process.execPath}' '${PROGRAM}' '${JSON.stringify(HOSTILE)}'`,
}
