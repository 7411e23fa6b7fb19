/** Services by the names that nmap's reports have for them, where banner's are others: whoever reads them looks for those. */
const NMAP_NAMES: ReadonlyMap<string, string> = new Map([
  ['dns', 'domain'],
  ['h2', 'http'],
  ['ike', 'isakmp'],
  ['kerberos', 'kerberos-sec'],
  ['mssql', 'ms-sql-s'],
  ['rdp', 'ms-wbt-server'],
  ['smb', 'microsoft-ds'],
  ['snmp-v3', 'snmp'],
  ['ssdp', 'upnp'],
  ['svn', 'svnserve'],
  ['x11', 'X11'],
  ['zabbix', 'zabbix-agent'],
])

/** `ms-sql-s` for banner's `mssql`. */
export function nmapName(protocol: string): string {
  return NMAP_NAMES.get(protocol) ?? protocol
}
