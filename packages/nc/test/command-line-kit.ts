import { createSystemServices, defineCli, err, type Line, out, runCli } from '@portkit/core'
import { simIo } from '@portkit/core/sim'
import { OPTIONS } from '../src/command-line/options.ts'
import { readSettings } from '../src/command-line/read-settings.ts'
import type { Settings } from '../src/settings.ts'
import { textsOf } from '../src/words/texts.ts'
import { classicHelp, complain } from '../src/words/usage.ts'

const ETC_SERVICES = `
ftp-data	20/tcp
ftp		21/tcp
ssh		22/tcp				# SSH Remote Login Protocol
http		80/tcp		www		# WorldWideWeb HTTP
imap2		143/tcp		imap
echo		7/tcp
echo		7/udp
shell		514/tcp		cmd syslog
syslog		514/udp
http-alt	8080/tcp	webcache
`

export const services = createSystemServices(ETC_SERVICES)

/** What a command line came to: settings, or what was printed in their place. */
export interface Read {
  readonly settings: Settings | undefined
  readonly status: number
  readonly out: string
  readonly err: string
}

/** Reads a command line as the tool does, and goes no further. */
export async function read(argv: readonly string[], name = 'nc'): Promise<Read> {
  let settings: Settings | undefined
  const cli = defineCli({
    ...textsOf(name),
    options: OPTIONS,
    usageStatus: 1,
    faultStatus: (args) => (args['exit-code'] === 'state' ? 3 : 1),
    complaint: (error) => complain(name, error),
    async *run(args) {
      if (args['nc-help']) {
        yield err(classicHelp(name))
        return 0
      }
      settings = readSettings(args, name, services, () => 0)
      yield out('')
      return 0
    },
  })
  const lines: Line[] = []
  const write = (line: Line): boolean => lines.push(line) > 0
  const status = await runCli(cli, argv, simIo({ ports: {} }), write, { version: '1.2.3' })
  const text = (to: Line['to']) =>
    lines
      .filter((line) => line.to === to)
      .map((line) => line.text)
      .join('')
  return { settings, status, out: text('out'), err: text('err') }
}

/** The settings of a command line that makes sense. */
export async function settingsOf(...argv: readonly string[]): Promise<Settings> {
  const { settings, err: said } = await read(argv)
  if (settings === undefined) throw new Error(`refused: ${said}`)
  return settings
}

export const USAGE = `usage: nc [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
	  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
	  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
	  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
	  [destination] [port]
`
