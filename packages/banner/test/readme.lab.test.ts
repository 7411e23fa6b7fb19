import { join } from 'node:path'
import { exampleTests } from '@portkit/lab/readme-examples'
import { SERVERS, ServersWorld, serversHere } from '@portkit/lab/servers-world'

const NAMES = [
  ...['openssh', 'nginx', 'postfix', 'mariadb', 'postgresql', 'redis', 'slapd', 'samba'],
  ...['bind9', 'chrony', 'snmpd', 'hostile'],
]
const ASKED = SERVERS.filter(({ name }) => NAMES.includes(name))
const { absent } = await serversHere(ASKED)

/** Findings in the order of their ports, as `sort -n` has them; details stay below their lines. */
function byPort(output: string): string {
  const portOf = (finding: string): number => {
    const [, first, last] = /^\[?(\d+)|:(\d+)\/?$/m.exec(finding) ?? []
    return Number(first ?? last)
  }
  return output
    .split(/\n(?! )/)
    .sort((one, other) => portOf(one) - portOf(other))
    .join('\n')
}

exampleTests({
  packageFolder: join(import.meta.dirname, '..'),
  tool: 'banner',
  world: new ServersWorld(ASKED),
  absent: absent.flatMap(({ lacks }) => lacks),
  needs: ['jq'],
  masks: [
    [/\d+\.\d+ ms|\d{3,} ms/g, 'TIME'],
    [/\d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/g, 'DATES'],
    [/(?<=^ +(?:SHA-256|serial) +)[0-9a-f]+/gm, 'HEX'],
    // Debian's updates.
    [/(?<=(?:OpenSSH|nginx|MariaDB|Redis|BIND)[ /])\d[\w.~+-]*/g, 'VERSION'],
    [/(?<= Debian-)\d[\w.~+-]*/g, 'VERSION'],
    [/(?<=^\[\d+,"\w+",")\d[\w.]*/gm, 'VERSION'],
    [/(?<= Linux target\.lab ).*(?= {2}\[probe\])/g, 'SYSTEM'],
    [/(?<=: sent \d+ octets, received )\d+/g, 'N'],
    [/(?<=greeting: received )\d+/g, 'N'],
  ],
  arrange: byPort,
  least: 10,
})
