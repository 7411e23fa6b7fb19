import {
  type CommandLineFault,
  CommandLineProblem,
  type ExpectedError,
  escapeControl,
  ResolveError,
} from '@portkit/core'
import { OperandsFault } from '../fault.ts'
import { complaint } from './format.ts'
import { ownLookUpFailed } from './format-lookup.ts'

/** nc's usage lines, as Debian's 1.219 prints them: scripts look for them. */
export function usage(name: string): string {
  return `usage: ${escapeControl(name)} [-46CDdFhklNnrStUuvZz] [-I length] [-i interval] [-M ttl]
\t  [-m minttl] [-O length] [-P proxy_username] [-p source_port]
\t  [-q seconds] [-s sourceaddr] [-T keyword] [-V rtable] [-W recvlimit]
\t  [-w timeout] [-X proxy_protocol] [-x proxy_address[:port]]
\t  [destination] [port]
`
}

/** What `-h` prints, to stderr. */
export function classicHelp(name: string): string {
  return `OpenBSD netcat (Debian patchlevel 1.219-1)
${usage(name)}${COMMAND_SUMMARY}`
}

const COMMAND_SUMMARY = `\tCommand Summary:
\t\t-4\t\tUse IPv4
\t\t-6\t\tUse IPv6
\t\t-b\t\tAllow broadcast
\t\t-C\t\tSend CRLF as line-ending
\t\t-D\t\tEnable the debug socket option
\t\t-d\t\tDetach from stdin
\t\t-F\t\tPass socket fd
\t\t-h\t\tThis help text
\t\t-I length\tTCP receive buffer length
\t\t-i interval\tDelay interval for lines sent, ports scanned
\t\t-k\t\tKeep inbound sockets open for multiple connects
\t\t-l\t\tListen mode, for inbound connects
\t\t-M ttl\t\tOutgoing TTL / Hop Limit
\t\t-m minttl\tMinimum incoming TTL / Hop Limit
\t\t-N\t\tShutdown the network socket after EOF on stdin
\t\t-n\t\tSuppress name/port resolutions
\t\t-O length\tTCP send buffer length
\t\t-P proxyuser\tUsername for proxy authentication
\t\t-p port\t\tSpecify local port for remote connects
\t\t-q secs\t\tquit after EOF on stdin and delay of secs
\t\t-r\t\tRandomize remote ports
\t\t-S\t\tEnable the TCP MD5 signature option
\t\t-s sourceaddr\tLocal source address
\t\t-T keyword\tTOS value
\t\t-t\t\tAnswer TELNET negotiation
\t\t-U\t\tUse UNIX domain socket
\t\t-u\t\tUDP mode
\t\t-V rtable\tSpecify alternate routing table
\t\t-v\t\tVerbose
\t\t-W recvlimit\tTerminate after receiving a number of packets
\t\t-w timeout\tTimeout for connects and final net reads
\t\t-X proto\tProxy protocol: "4", "5" (SOCKS) or "connect"
\t\t-x addr[:port]\tSpecify proxy address and port
\t\t-Z\t\tDCCP mode
\t\t-z\t\tZero-I/O mode [used for scanning]
\tPort numbers can be individual or ranges: lo-hi [inclusive]
`

/** All that nc prints to stderr about something that ends it. */
export function complain(name: string, error: ExpectedError): string {
  if (error instanceof OperandsFault) return usage(name)
  if (error instanceof CommandLineProblem) return aboutOptions(name, error.fault)
  if (error instanceof ResolveError) return complaint(name, ownLookUpFailed(error.message))
  return complaint(name, error.message)
}

/** In the words of glibc's getopt_long(3), then the usage. */
function aboutOptions(name: string, fault: CommandLineFault): string {
  return `${complaint(name, problem(fault))}${suggestion(name, fault)}${usage(name)}${safeWay(name, fault)}`
}

function problem(fault: CommandLineFault): string {
  switch (fault.kind) {
    case 'unknown-letter':
      return `invalid option -- '${fault.letter}'`
    case 'unknown-name':
      return `unrecognized option '${fault.name}'`
    case 'ambiguous': {
      const names = fault.candidates.map((candidate) => ` '${candidate}'`).join('')
      return `option '${fault.name}' is ambiguous; possibilities:${names}`
    }
    case 'needs-value':
      return isLong(fault.name)
        ? `option '${fault.name}' requires an argument`
        : `option requires an argument -- '${fault.name.slice(1)}'`
    case 'takes-no-value':
      return `option '${fault.name}' doesn't allow an argument`
  }
}

function isLong(name: string): boolean {
  return name.startsWith('--')
}

function suggestion(name: string, fault: CommandLineFault): string {
  const near = fault.kind === 'unknown-name' ? fault.nearest : undefined
  return near === undefined ? '' : complaint(name, `did you mean '${near}'?`)
}

/** Other netcats run programs with these letters. */
const RUNS_PROGRAMS: ReadonlySet<string> = new Set(['e', 'c'])

function safeWay(name: string, fault: CommandLineFault): string {
  if (fault.kind !== 'unknown-letter' || !RUNS_PROGRAMS.has(fault.letter)) return ''
  const example = `mkfifo pipe && sh <pipe 2>&1 | ${name} -lN 127.0.0.1 4000 >pipe`
  return complaint(name, `programs are never run from here; a named pipe serves one, e.g.: ${example}`)
}
