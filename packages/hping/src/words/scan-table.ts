import { type Colours, type PortTally, type VerdictRow, verdictRow, verdictTable } from '@portkit/core'

/** One port of the host that was scanned. */
export type ScannedPort = PortTally & { readonly service: string | undefined }

/** How the table is to look; `width` in columns, undefined: no limit. */
export interface Look {
  readonly colours: Colours
  readonly width?: number | undefined
}

/** `65535/tcp` and two blanks: names stand below each other. */
const NUMBER_WIDTH = 11

/** State and reason of each port, as core's tables have them: many alike are counted. Without the host, for it is one. */
export function scanTable(ports: Iterable<ScannedPort>, look: Look): string {
  return verdictTable(rowsOf(ports), look)
}

/** One after the other: there may be 65,536. */
function* rowsOf(ports: Iterable<ScannedPort>): Generator<VerdictRow> {
  for (const port of ports) yield* verdictRow('', port, columnOf(port))
}

function columnOf({ protocol, port, service }: ScannedPort): string {
  const number = `${port}/${protocol}`
  return service === undefined ? number : `${number.padEnd(NUMBER_WIDTH)}${service}`
}
