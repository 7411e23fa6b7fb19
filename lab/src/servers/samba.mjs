import { HOME } from './server.mjs'

/** SMB2 NEGOTIATE for dialects 2.0.2 and 2.1 ([MS-SMB2] 2.2.3), behind its length. */
const HEADER = `fe534d4240000100${'00'.repeat(56)}`
const NEGOTIATE = Buffer.from(
  `0000006e${HEADER}2400020001000000${'00'.repeat(4)}${'11'.repeat(16)}${'00'.repeat(8)}02021002`,
  'hex',
)

/** NBSTAT for any name (RFC 1002 section 4.2.17). */
const STATUS = Buffer.from(`706100000001000000000000${'20'}434b${'41'.repeat(30)}0000210001`, 'hex')

const smb = {
  protocol: 'smb',
  answers: { say: NEGOTIATE.fill(NEGOTIATE.length - 4, 3, 4), with: /^....\xfeSMB/s },
}

/** SMB directly and over NetBIOS sessions, and the NetBIOS name service. @type {import('./server.mjs').Server} */
export const samba = {
  name: 'samba',
  runs: 'Samba',
  packages: ['samba'],
  ports: [
    { port: 445, ...smb },
    { port: 139, ...smb },
    {
      port: 137,
      transport: 'udp',
      families: [4],
      protocol: 'netbios-ns',
      answers: { say: STATUS, with: /^pa.*TARGET/s },
    },
  ],
  covers: ['/var/lib/samba', '/var/cache/samba', '/var/log/samba'],
  files: () => ({ 'smb.conf': CONFIGURATION }),
  script: `
mkdir -p /run/samba /var/lib/samba/private
nmbd -F --no-process-group --debug-stdout -s ${HOME}/smb.conf &
smbd -F --no-process-group --debug-stdout -s ${HOME}/smb.conf
`,
}

const CONFIGURATION = `[global]
netbios name = TARGET
workgroup = LAB
smb ports = 445 139
interfaces = lab0
server role = standalone server
map to guest = bad user
load printers = no
disable spoolss = yes
log level = 0
[public]
path = ${HOME}
guest ok = yes
`
