import { HOME } from './server.mjs'

/** A get of sysDescr.0 with the community public, version 2c (RFC 3416). */
const GET = Buffer.from(
  '302902010104067075626c6963a01c02040070617002010002010030' + '0e300c06082b060102010101000500',
  'hex',
)

/** @type {import('./server.mjs').Server} */
export const snmpd = {
  name: 'snmpd',
  runs: 'Net-SNMP',
  packages: ['snmpd'],
  ports: [
    {
      port: 161,
      transport: 'udp',
      protocol: 'snmp',
      answers: { say: GET, with: /public.*Linux target\.lab/s },
    },
  ],
  files: () => ({ 'snmpd.conf': 'rocommunity public\nrocommunity6 public\nagentaddress udp:161,udp6:161\n' }),
  script: `SNMP_PERSISTENT_DIR=${HOME} snmpd -f -Le -C -c ${HOME}/snmpd.conf`,
}
