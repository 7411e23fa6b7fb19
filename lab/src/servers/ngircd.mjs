import { HOME } from './server.mjs'

/** @type {import('./server.mjs').Server} */
export const ngircd = {
  name: 'ngircd',
  runs: 'ngIRCd',
  packages: ['ngircd'],
  ports: [
    {
      port: 6667,
      protocol: 'irc',
      product: 'ngIRCd',
      version: ({ upstream }) => upstream('ngircd'),
      answers: { say: 'LUSERS\r\n', with: /^:target\.lab 451 / },
    },
  ],
  files: () => ({
    'ngircd.conf': `[Global]
Name = target.lab
Info = The lab
Listen = ::,0.0.0.0
Ports = 6667
ServerUID = nobody
ServerGID = nogroup
[Limits]
MaxConnectionsIP = 0
[Options]
DNS = no
Ident = no
PAM = no
ChrootDir =
`,
  }),
  script: `ngircd -n -f ${HOME}/ngircd.conf`,
}
