import { HOME } from './server.mjs'

const ssh = {
  protocol: 'ssh',
  product: 'OpenSSH',
  version: (/** @type {import('./server.mjs').Versions} */ { upstream }) => upstream('openssh-server'),
  answers: { with: /^SSH-2\.0-OpenSSH_/ },
}

/** sshd at its own port, and at one that says nothing of it. @type {import('./server.mjs').Server} */
export const openssh = {
  name: 'openssh',
  runs: 'OpenSSH',
  packages: ['openssh-server'],
  ports: [
    { port: 22, ...ssh },
    { port: 2022, ...ssh },
  ],
  files: () => ({
    sshd_config: `Port 22
Port 2022
HostKey ${HOME}/ed25519
HostKey ${HOME}/ecdsa
PidFile none
UsePAM no
UseDNS no
MaxStartups 100
`,
  }),
  script: `
mkdir -m 755 /run/sshd
ssh-keygen -q -t ed25519 -N '' -f ed25519
ssh-keygen -q -t ecdsa -N '' -f ecdsa
/usr/sbin/sshd -D -e -f ${HOME}/sshd_config
`,
}
