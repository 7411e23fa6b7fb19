/** What the user asks of protocols, beyond being recognised. */
export interface Wishes {
  /** The host as the user typed it: `db.lan`, `10.0.0.2`. */
  readonly host: string
  /** For SNI and HTTP's Host; the user's `--sni`, else the host if it is a name, else empty. */
  readonly serverName: string
  /** SNMP's community. */
  readonly community: string
  /** Also fetch SSH host keys, for their fingerprints. */
  readonly hostKeys: boolean
  /** Redirects to follow on the same host. */
  readonly follow: number
}
