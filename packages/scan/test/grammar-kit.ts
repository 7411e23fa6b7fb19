import { createPortNames } from '../src/grammar/port-names.ts'
import type { PortNames } from '../src/grammar/service-names.ts'

/** A services file with what the tests name: lines of our own in nmap's format. */
const SERVICES = `# services
ftp-data\t20/tcp\t0.001\t# comment
ftp\t21/tcp\t0.1
ssh\t22/tcp\t0.1\t# shell
telnet\t23/tcp\t0.1
smtp\t25/tcp\t0.1
domain\t53/tcp\t0.1
domain\t53/udp\t0.2
http\t80/tcp\t0.4
http\t80/udp\t0.1
http-mgmt\t280/tcp\t0.1
https\t443/tcp\t0.2
z39.50\t210/tcp\t0.1
ssl-ldap\t614/tcp\t0.1
http\t8008/tcp\t0.1
http-proxy\t8080/tcp\t0.1
Elite\t31337/tcp\t0.1
abc\t1/sctp\t0.1
`

export const FILES: Readonly<Record<string, string>> = { '/usr/share/nmap/nmap-services': SERVICES }

export const NAMES: PortNames = createPortNames((path) => FILES[path])
