import type { Endpoint } from '@portkit/core'
import type { Run } from '../run.ts'

/** The peer as nc shows it: by name where it has one, unless `-n`. */
export async function shownHost({ settings, io }: Run, { address }: Endpoint): Promise<string> {
  return (settings.numeric ? undefined : await io.dns.reverse(address)) ?? address
}
