/** How `portscan diff` explains itself in help and man page. */
export const DIFF_TEXTS = {
  summary: 'compare two results of scans',
  usage: ['[option]... before after'],
  description: [
    "Reads two results, in portscan's or nmap's XML or in portscan's JSON, and shows which hosts and ports changed: " +
      'lines that begin with - were so before, lines that begin with + are so now.',
    "What is shown, and the exit status, are ndiff's: states of hosts and ports, names, addresses, services and versions. " +
      'Reasons and times make no difference, nor does it that the two come from different runs.',
    'A host is known by its address. Ports that both reports only count are compared, too: changes among them are ' +
      'shown, unless they are more than 25 and the numbers tell of them. Where one report is more verbose than the other, ' +
      'both are compared as the less verbose one lists ports.',
    'A host whose name is diff is scanned by portscan -- diff.',
  ],
  positionals: [
    ['before', 'the earlier result: a file, or - for standard input'],
    ['after', 'the later result'],
  ],
  examples: [
    ['portscan diff monday.xml tuesday.xml', 'what changed'],
    ['portscan diff old.xml new.xml && echo same', 'in a script'],
    ['portscan diff --json old.xml -', 'for programs; the later result from a pipe'],
  ],
  exitStatus: [
    ['0', 'both say the same'],
    ['1', 'something changed'],
    ['2', 'bad command line, or a result that cannot be read'],
  ],
} as const
