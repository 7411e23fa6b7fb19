import { describe, expect, it } from 'vitest'
import { fullTable } from '../src/cli/about.ts'
import { helpText } from '../src/cli/help.ts'
import { manPage, roff } from '../src/cli/man.ts'
import { folderWith, has, runProgram } from './cli-programs.ts'
import { sampleCli } from './cli-sample.ts'

const cli = sampleCli()

const HELP = `Usage: sample [option]... host port...
Usage: sample [option]... host:port...

Try the kit.

Arguments:
  host  a name or an address
  port  numbers and names

Options:
  -c, --count=N            Stop after N probes
  -i, --interval=TIME      From the start of a probe to the start of the next
                           one, or a time with a unit such as 500ms (default: 1)
  -I, --interface=NAME     Leave by it
  -4, --ipv4               Only IPv4
  -z, --zero               Only look
  -w, --wait=VALUE         Wait so long
      --until=open|closed  Stop in that state
      --require=VALUE      How many (default: 1)
  -H, --header=VALUE       Add a line (may be repeated)
  -o, --output=FILE        Write there
      --via=VALUE          Ask that host

Output: [all] of it:
  -p, --ports=VALUE    The port's numbers
  -v, -V, --verbose    Say more \\ back

About this program:
  -h, --help                      Show this text
      --version                   Show the version
      --man                       Write the manual page (roff) to standard
                                  output
      --completion=bash|zsh|fish  Write a completion script for that shell to
                                  standard output

Examples:
  sample -c 4 db.lan 22                   four probes
  sample db.lan 22 | awk '{print $0}'     in a pipe

Exit status:
  0  all is well
  2  a bad command line
`

/** Blanks between columns are yargs' business. */
function squeeze(text: string): string {
  return text.replace(/(?<=\S) {2,}/g, '  ')
}

describe('help', () => {
  it('shows usage, arguments, options by group, examples and exit status', async () => {
    expect(squeeze(await helpText(cli, 80))).toBe(squeeze(HELP))
  })

  it.each([1, 40, 57, 80, 100, 1000])(
    'fits a terminal of %i columns, and is 100 wide at most',
    async (columns) => {
      const lines = (await helpText(cli, columns)).split('\n')
      const widest = Math.max(...lines.map((line) => line.length))
      expect(widest).toBeLessThanOrEqual(Math.min(100, Math.max(40, columns)))
      expect(widest).toBeGreaterThan(Math.min(columns, 100) / 2)
    },
  )

  it.each([0, Number.NaN])('is 80 wide for a terminal that says %d columns', async (columns) => {
    expect(await helpText(cli, columns)).toBe(await helpText(cli, 80))
  })

  it('shows letters that are digits with one dash, also with a value', async () => {
    const scan = { ...cli, table: fullTable({ scan: { kind: 'value', short: '8', describe: 'Scan' } }) }
    expect(await helpText(scan, 80)).toContain('  -8, --scan=VALUE  Scan\n')
  })

  it('writes long options with one dash where the tool does, in the same columns', async () => {
    const table = fullTable({
      oX: { kind: 'value', oneDash: true, placeholder: 'FILE', describe: 'As XML' },
      Pn: { kind: 'flag', oneDash: true, describe: 'No ping' },
      Pnx: { kind: 'flag', describe: 'Another' },
    })
    const help = await helpText({ ...cli, table }, 80)
    expect(help).toMatch(/^ +-oX FILE {3}As XML\n +-Pn {8}No ping\n +--Pnx {6}Another$/m)
    expect(manPage({ ...cli, table }, '1')).toMatch(/^\\fB\\-oX\\fR \\fIFILE\\fR\nAs XML\.$/m)
  })
})

describe('the man page', () => {
  const page = manPage(cli, '1.2.3')

  it.skipIf(!has('groff'))('is formatted by groff without a warning', () => {
    const folder = folderWith({ 'sample.1': page })
    const { status, stdout, stderr } = runProgram(
      'groff',
      ['-man', '-Tutf8', '-ww', '-P-c', 'sample.1'],
      folder,
    )
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const text = stdout.replace(/.[\b]/gu, '')
    for (const part of [
      'sample - try the kit',
      'sample [option]... host port...',
      '-c N, --count=N',
      '-v, -V, --verbose',
      '--until=open|closed',
      ".Second\\one isn't `easy` ~ \"here\" é — 'x'.",
      "sample db.lan 22 | awk '{print $0}'",
      'Say more \\ back.',
      '.hidden',
    ])
      expect(text).toContain(part)
  })

  it.skipIf(!has('mandoc'))('is right for mandoc, but for the date that it does not have', () => {
    const folder = folderWith({ 'sample.1': page })
    const { stdout } = runProgram('mandoc', ['-Tlint', '-Wwarning', 'sample.1'], folder)
    expect(stdout.split('\n').filter((line) => line !== '' && !line.includes('missing date'))).toEqual([])
  })

  it('is plain ASCII, whatever its texts are', () => {
    expect(page).toMatch(/^[\n -~]+$/)
    expect(page).toContain('\\[u00E9] \\[u2014]')
  })

  it.each([
    ['.TH', '\\&.TH'],
    ["'br", '\\(aqbr'],
    ['a\\fB', 'a\\efB'],
    ['--x', '\\-\\-x'],
    ['\u{1b}[1m👋', ' [1m\\[u1F44B]'],
  ])('has %j as text, not as a request', (text, expected) => expect(roff(text)).toBe(expected))
})
