/** How nc-ts explains itself in help and man page, under the name it was started with. */
export function textsOf(name: string) {
  return {
    name,
    summary: 'OpenBSD netcat for scripts: check ports, carry data over TCP, UDP and UNIX sockets',
    usage: [
      '[option]... host port...',
      '-l [option]... [address] port',
      '-U [option]... path',
      '-lU [option]... path',
    ],
    description: DESCRIPTION,
    positionals: [
      ['host', 'a name, an IPv4 or an IPv6 address, also with a zone (fe80::1%eth0)'],
      ['port', 'numbers, ranges (20-25) and service names in their exact spelling, with blanks between'],
      ['path', 'of a UNIX socket; @name is an abstract one'],
    ],
    examples: examplesOf(name),
    exitStatus: EXIT_STATUS,
    sections: SECTIONS,
  } as const
}

const DESCRIPTION = [
  'Connects to a host, or with -l waits to be connected to, and carries what comes on standard input to the peer and ' +
    'what the peer sends to standard output. With -z it only finds out which ports are open. Options, messages, exit ' +
    "status and behaviour are those of Debian's OpenBSD netcat 1.219; every message begins with the name under which " +
    'the program was started, so a link called nc makes it say nc.',
  'The addresses of a host are tried one after the other, each for as long as -w allows. Without -w a stealth port, ' +
    'whose packets a firewall drops, holds up the run until the system gives up: two minutes and more. At a terminal a ' +
    'line says so after ten seconds.',
] as const

function examplesOf(name: string) {
  return [
    [`${name} -vzw 2 db.lan 5432`, 'is the port open? Give up after two seconds'],
    [`${name} -vzw 1 db.lan 20-25 80 https`, 'several ports'],
    [`${name} -z --wait 60 db.lan 5432`, 'wait a minute for a service to come up'],
    [`${name} -zw 2 --json db.lan 22 | jq .state`, 'for programs'],
    [`${name} -l 4000 >file`, 'take a file'],
    [`${name} -N db.lan 4000 <file`, 'send it there'],
    [`${name} -C --tls web.lan 443`, 'speak to a TLS server by hand'],
    [`ssh -o ProxyCommand='${name} -X 5 -x proxy.lan %h %p' db.lan`, 'ssh through a SOCKS proxy'],
  ] as const
}

const EXIT_STATUS = [
  ['0', 'a port was open, a session was held; of several UDP ports with -v or -z: the last one'],
  ['1', 'everything else: no port open, bad command line, unknown name, local fault'],
  [
    'state',
    'with --exit-code state: 0 open, 1 closed, 2 stealth or filtered, 3 bad command line, unknown name or local ' +
      'fault; of several ports the worst state counts',
  ],
] as const

const SECTIONS = [
  [
    'Differences from nc',
    '-w, -i and -q take fractions and units: 2.5, 500ms, 2m. -X 4A asks a SOCKS proxy to look up the name. -u -z tests ' +
      'the port also without -v, and a UDP test ends with the first answer. Every option has a long name too, and long ' +
      'options may be abbreviated.',
    '-Z is refused: there is no DCCP. Socket options that Node does not offer (-D, -I, -m, -M, -O, -S, -T), UNIX ' +
      'datagrams (-uU) and -F need Linux and the optional package koffi, and are refused by name without them. A closed ' +
      'standard input or output is not used again for a connection.',
    'Programs are never run: there is no -e and no -c. A named pipe does the same in the open, as the message about ' +
      'these options shows.',
  ],
  [
    'UDP',
    'UDP has no handshake. With -z or -v a few datagrams of one X each are sent, and only a refusal by ICMP makes the ' +
      'port fail: like nc, this calls a port open that merely says nothing. --honest-udp calls silence ' +
      'open|filtered, which is no success, and names what ICMP errors said. --json always does.',
  ],
  [
    'TLS',
    "--tls puts the session into TLS. A server's certificate must be valid for the host, or for the name of --sni; --ca " +
      'names the authorities to trust, and has a listener want a certificate of its clients; --tls-insecure trusts ' +
      'everybody. --cert and --key are our own certificate, ' +
      'which a listener must have.',
  ],
  ['Environment', 'PORTKIT_DEBUG, when set, adds a stack to the message about an internal error.'],
] as const
