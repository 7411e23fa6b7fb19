/** How banner explains itself in help and man page. */
export const TEXTS = {
  summary: 'say what speaks on a port: protocol, product and version, only from what was read there',
  usage: ['[option]... host port...', '[option]... host:port...', '[option]... [ipv6]:port...'],
  description: [
    'banner connects, listens for a greeting, and where none comes asks: what the port usually speaks first, then HTTP, ' +
      'then TLS, with a greeting and HTTP inside, then an empty line and a call for help. It stops at the first answer that ' +
      'it knows. Every line says how the service is known: [greeting], [probe], [tls+greeting], [tls+probe], [tls] when ' +
      'nothing but TLS was found.',
    'Nothing is made up. A version is only said when it came over the wire. What answered and is not known is called ' +
      'unknown, with its first octets; what said nothing is silent; what ended the connection without a word accepted, then ' +
      "closed or reset. A name in brackets with a question mark, (http?), is no more than what usually has that port's number.",
    'No port takes longer than --timeout or more than 64 KB, whatever it sends, and none holds up another. Ports 9100 to ' +
      '9107 are left alone unless --allow-printers is given: printers print what they are sent. A host never has more than ' +
      'four connections at once, and no passwords are tried.',
    'Lines come as soon as a port is known, in no order; sort -n makes one. Ctrl-C ends the run with what is known.',
  ],
  positionals: [
    ['host', 'a name, an IPv4 or an IPv6 address, also with a zone (fe80::1%eth0)'],
    [
      'port',
      'numbers, ranges and service names: 22,80,8000-8010,ssh. Hosts without a port take the next one given',
    ],
  ],
  examples: [
    ['banner db.lan 22,5432', 'what speaks on two ports'],
    ['banner -v mail.lan 465', 'with certificate, details and times'],
    ['banner --starttls smtp -v mail.lan 25', 'the certificate behind STARTTLS'],
    ['banner --open --url 10.0.0.2 1-1024', 'open ports as URLs'],
    ['banner -u gate.lan 53,123,161', 'over UDP'],
    ['banner --light web1 web2 1-1024', 'send nothing, only listen'],
    ["banner --probe 'PING\\r\\n' --match '^\\+PONG' db.lan 6379", 'a question of your own'],
    [
      "banner --probe 'srvr\\n' --match 'version: (?<version>[^,]+)' zoo.lan 2181",
      'named groups tell protocol, product, version, info',
    ],
    ["banner --json db.lan 1-1024 | jq -r 'select(.protocol) | .protocol'", 'for programs'],
  ],
  exitStatus: [
    ['0', 'something was identified, or matched'],
    ['1', 'nothing was'],
    ['2', 'bad command line, unknown name, or this machine could not connect'],
    [
      'state',
      'with --exit-code state: 0 open, 1 closed, 2 stealth or unreachable, 3 error, or ended before all ports were done; of several ports the worst',
    ],
  ],
  sections: [
    [
      'Own questions',
      '--probe sends text or octets and shows the answer. In text \\r \\n \\t \\0 \\\\ and \\xHH (one octet) are understood; ' +
        'what begins with 0x is hexadecimal, with blanks or colons between octets if you like: 0x0d0a, 0x0d:0a. --match is a ' +
        "JavaScript regular expression with the flag s, over the answer's octets, each one character (\\xff is the octet 255); " +
        'groups named protocol, product, version and info become those. Without --probe it is matched with the greeting.',
    ],
    [
      'TLS',
      'Certificates are judged, not enforced: a connection goes on whatever the certificate says, and the line tells what is ' +
        'wrong with it: self-signed, expired, not yet valid, name mismatch, unknown issuer.',
    ],
    [
      'URLs',
      'The scheme is the protocol with its usual name inside TLS (https, imaps, rediss), with +tls where it has none, and tls, ' +
        'tcp or udp where nothing was identified. The port is always there. A service behind STARTTLS keeps its plain name.',
    ],
    [
      'What may be in the output',
      'Control characters, and marks that turn the direction of writing, are shown as \\x1b or \\u202e in text and CSV, and as ' +
        'JSON escapes in JSON, whoever sent them. The octets themselves are in JSON, in base64, and in --hex.',
    ],
  ],
} as const
