/** How `portscan merge` explains itself in help and man page. */
export const MERGE_TEXTS = {
  summary: 'join the results of a scan in parts into one report',
  usage: ['[option]... result...'],
  description: [
    "Reads the results of parts, in portscan's or nmap's XML or in portscan's JSON, and writes one report: as text to " +
      'standard output unless an option says otherwise. The order of the parts does not matter; where they disagree, what ' +
      'ended later counts, and standard error says so. The scan took as long as from the first start to the last end.',
    'No report is begun before all parts have been read. A host whose name is merge is scanned by portscan -- merge.',
  ],
  positionals: [['result', 'a file, or - for standard input']],
  examples: [
    ['portscan merge part-*.xml', 'the report, as text'],
    ['portscan merge -oX all.xml part-*.xml', 'and as XML'],
    ['portscan merge --json --open part-*.json', 'open ports, for programs'],
  ],
  exitStatus: [
    ['0', 'the report was written'],
    ['2', 'bad command line, or a result that cannot be read'],
    [
      'state',
      'with --exit-code state: 0 something is open (without a port scan: up), 1 nothing is open, 2 no host is up, 3 the ' +
        'result is not whole, 4 error',
    ],
  ],
} as const
