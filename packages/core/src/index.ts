export {
  choice,
  count,
  durationMs,
  integer,
  nonEmpty,
  octet,
  percentOrCount,
  port,
  type Share,
  text,
  ttl,
} from './cli/coerce.ts'
export { COLOUR_MODES, type ColourMode, type Colours, colours } from './cli/colours.ts'
export { type CommandLineFault, CommandLineProblem } from './cli/command-line-problem.ts'
export { type Cli, type CliDefinition, defineCli, type ExpectedError } from './cli/define.ts'
export {
  changeRecord,
  errorRecord,
  probeRecord,
  recordLine,
  type Subject,
  startRecord,
  summaryRecord,
} from './cli/json.ts'
export type {
  ChangeRecord,
  ErrorRecord,
  ProbeRecord,
  ResultRecord,
  StartRecord,
  SummaryRecord,
} from './cli/json-records.ts'
export { type StatsRecord, statsRecord } from './cli/json-stats.ts'
export { err, type Line, out } from './cli/line.ts'
export { main, type ProcessLike } from './cli/main.ts'
export type { Coercer, OptionTable, Parsed, PartlyParsed } from './cli/options.ts'
export { runCli, type Write } from './cli/run-cli.ts'
export { type Say, talk } from './cli/talk.ts'
export { displayWidth, escapeControl, truncateToWidth } from './cli/terminal.ts'
export type {
  Attempt,
  Clock,
  ClockChoice,
  ConnectAnswer,
  ConnectFact,
  Connection,
  ConnectRequest,
  Io,
  Net,
  Resolver,
  StandardInput,
  StandardOutput,
  Sweep,
  SweepRequest,
  System,
  Terminal,
  UserRequest,
} from './io/io.ts'
export { nodeClock } from './io/node/node-clock.ts'
export { nodeHost } from './io/node/output.ts'
export { keepMemorySmall } from './io/node/small-memory.ts'
export { createIo, createNet } from './io/node-io.ts'
export type { CloseWith, SocketSettings } from './io/socket-settings.ts'
export {
  type BindRequest,
  type ByteSink,
  type ByteSource,
  type ByteStream,
  type DatagramSocket,
  type Listener,
  type SecureStream,
  type Sockets,
  StreamFault,
  type TlsSettings,
  type UdpConnectRequest,
} from './io/streams.ts'
export { parseAddress, parseHost, parseIpv4, parseIpv6, unmapped } from './model/addresses.ts'
export { isoTime, localDateTime, localTime } from './model/dates.ts'
export { LocalFault, ResolveError, UsageError } from './model/errors.ts'
export type { Bucket } from './model/histogram.ts'
export {
  type AnyWord,
  answered,
  anyWord,
  type ClockName,
  classify,
  type Handshake,
  type IcmpError,
  type Observation,
  type PortState,
  type ProbeResult,
  type Reason,
  type Refused,
  type Reply,
  type Silence,
  type TlsFact,
  type Unreachable,
  type Verdict,
  type Word,
  word,
} from './model/observation.ts'
export { parsePorts } from './model/ports.ts'
export { createServices, createSystemServices, type Services } from './model/services.ts'
export { createStats, type RttFigures, type Stats, type StatsSnapshot } from './model/stats.ts'
export {
  type Address,
  type Endpoint,
  type Family,
  formatEndpoint,
  type Target,
  type Transport,
} from './model/target.ts'
export { parseTargets, type TargetSpec } from './model/targets.ts'
export { type ProbeOptions, probe } from './probe-once.ts'
export { awaitAnswer } from './probes/await-answer.ts'
export type { Probe, ProbeIo } from './probes/probe.ts'
export { type TcpConnectOptions, tcpConnect } from './probes/tcp-connect.ts'
export { createQueue, type Queue } from './run/queue.ts'
export { type Resolved, type ResolvedHost, resolveHost, resolveTargets } from './run/resolve.ts'
export { type Fault, type Lane, type Plan, type Result, type RunEvent, schedule } from './run/schedule.ts'
