/** A call of PMAPPROC_NULL, program 100000, version 2 (RFC 5531, RFC 1833). */
const CALL = Buffer.from(
  `70617069${'00000000'}${'00000002'}000186a0${'00000002'}${'00000000'.repeat(5)}`,
  'hex',
)
const FRAMED = Buffer.concat([Buffer.from([0x80, 0, 0, CALL.length]), CALL])

const rpc = { protocol: 'rpcbind' }

/** @type {import('./server.mjs').Server} */
export const rpcbind = {
  name: 'rpcbind',
  runs: 'rpcbind',
  packages: ['rpcbind'],
  ports: [
    { port: 111, ...rpc, answers: { say: FRAMED, with: /^80.{6}7061706900000001/, hex: true } },
    { port: 111, transport: 'udp', ...rpc, answers: { say: CALL, with: /^7061706900000001/, hex: true } },
  ],
  script: `
mkdir -m 755 /run/rpcbind
chown _rpc /run/rpcbind
rpcbind -f
`,
}
