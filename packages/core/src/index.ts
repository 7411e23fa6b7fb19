export { aligned } from './cli/aligned.ts'
export { asksFor } from './cli/asks-for.ts'
export { checkSource } from './cli/check-source.ts'
export {
  choice,
  count,
  durationMs,
  integer,
  nonEmpty,
  notA,
  octet,
  percentOrCount,
  port,
  type Share,
  shown,
  text,
  ttl,
} from './cli/coerce.ts'
export { COLOUR_MODES, type ColourMode, type Colours, colours } from './cli/colours.ts'
export { type CommandLineFault, CommandLineProblem } from './cli/command-line-problem.ts'
export { type CsvValue, csvRow } from './cli/csv.ts'
export { type Cli, type CliDefinition, defineCli, type ExpectedError } from './cli/define.ts'
export { fixed, milliseconds } from './cli/figures.ts'
export { hexLines } from './cli/hex-lines.ts'
export {
  type AnyProbeResult,
  changeRecord,
  dateOf,
  errorRecord,
  head,
  jsonText,
  probeRecord,
  recordLine,
  type Subject,
  startRecord,
  summaryRecord,
} from './cli/json.ts'
export type {
  ChangeRecord,
  ErrorRecord,
  HopRecord,
  ProbeRecord,
  StartRecord,
  SummaryRecord,
  TotalRecord,
  VerdictRecord,
} from './cli/json-records.ts'
export type { ResultRecord } from './cli/json-result.ts'
export { totalRecord, verdictRecord } from './cli/json-run.ts'
export type {
  HostRecord,
  IdentityRecord,
  PortFindings,
  PortGroupRecord,
  PortRecord,
  ScanDiffRecord,
  ScanEndRecord,
  ScanRecord,
  ScanStartRecord,
} from './cli/json-scan-record.ts'
export { type ServiceFacts, serviceRecord } from './cli/json-service.ts'
export type {
  CertificateRecord,
  ExchangeRecord,
  ServiceRecord,
  ServiceTlsRecord,
} from './cli/json-service-record.ts'
export { type StatsRecord, statsRecord } from './cli/json-stats.ts'
export { lastOf } from './cli/last-of.ts'
export { err, type Line, out } from './cli/line.ts'
export { createLines, type Lines } from './cli/lines.ts'
export { createLiveLine } from './cli/live-line.ts'
export { main, type ProcessLike } from './cli/main.ts'
export { msOf } from './cli/nanoseconds.ts'
export { multiple, number, readNumber } from './cli/numbers.ts'
export type { Coercer, FlagSpec, OptionTable, Parsed, PartlyParsed, ValueSpec } from './cli/options.ts'
export { parseArgs } from './cli/parse-args.ts'
export { type Refusals, refusedOptions, refuseOnPurpose } from './cli/refusals.ts'
export { runCli, type Write } from './cli/run-cli.ts'
export { type Say, talk } from './cli/talk.ts'
export { displayWidth, escapeControl, truncateToWidth } from './cli/terminal.ts'
export { LONGEST_NS, timeNs, waitMs } from './cli/times.ts'
export { untilInterrupted } from './cli/until-interrupted.ts'
export {
  percentilesLine,
  type RttRanks,
  type VerdictRow,
  verdictTable,
} from './cli/verdict-table.ts'
export { createCaptureChannel, type Replay as CaptureReplay } from './io/capture/capture-channel.ts'
export { createCaptureWriter } from './io/capture/capture-writer.ts'
export { readCapture } from './io/capture/read-capture.ts'
export type {
  Attempt,
  Clock,
  ClockChoice,
  ConnectAnswer,
  ConnectFact,
  Connection,
  ConnectPool,
  ConnectRequest,
  Io,
  Net,
  PoolRequest,
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
export type {
  BackendChoice,
  Interest,
  OutgoingPacket,
  PacketBackend,
  PacketChannel,
  PacketRequest,
  Packets,
  PortRange,
  Route,
  RouteWay,
  SeenPacket,
  SendOutcome,
} from './io/packets.ts'
export type { Matcher, Pattern, PatternMatch } from './io/patterns.ts'
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
export { certificateTime, isoTime, localDateTime, localTime, timeZone } from './model/dates.ts'
export { LocalFault, ResolveError, UsageError } from './model/errors.ts'
export type { Bucket } from './model/histogram.ts'
export {
  type AnyWord,
  answered,
  anyWord,
  type ClockName,
  classify,
  type Handshake,
  type HostReply,
  type IcmpError,
  type Method,
  type Observation,
  type PortState,
  type ProbeResult,
  type Reason,
  type Refused,
  type Reply,
  type SegmentAnswer,
  type Silence,
  type TlsFact,
  type Unreachable,
  type Verdict,
  type Word,
  word,
} from './model/observation.ts'
export { parsePorts } from './model/ports.ts'
export { createQuantiles, type Quantiles } from './model/quantiles.ts'
export { createRttStats, type RttStats, type RttSummary } from './model/rtt-stats.ts'
export { createServices, createSystemServices, knownPorts, type Services } from './model/services.ts'
export { createStats, type RttFigures, type Stats, type StatsSnapshot } from './model/stats.ts'
export { errnoOfFact, strerror } from './model/strerror.ts'
export {
  type Address,
  type Endpoint,
  type Family,
  formatEndpoint,
  type Probed,
  type Protocol,
  type Target,
  type Transport,
} from './model/target.ts'
export {
  type AddressRange,
  type NamedRange,
  parseTargetSpec,
  rangeAround,
  type TargetRange,
} from './model/target-ranges.ts'
export { parseTargets, type TargetSpec } from './model/targets.ts'
export {
  type AimedShot,
  type Aims,
  type PacketOrder,
  type Probes,
  withChannel,
} from './packet-run/aims.ts'
export type { Hop, HopAnswer } from './packet-run/hop.ts'
export { type JsonEnd, jsonClosing } from './packet-run/json-closing.ts'
export { jsonReport, type SocketReport } from './packet-run/json-report.ts'
export { listenTo } from './packet-run/listen.ts'
export type { Observer, Shot, ShownPacket } from './packet-run/observer.ts'
export { captureOptions, wayOptions } from './packet-run/options.ts'
export type { PacketRun } from './packet-run/packet-run.ts'
export { createPortTallies, type PortTally, type RttSums } from './packet-run/port-tallies.ts'
export { type ReadEnd, type ReadOrder, readRun } from './packet-run/read-run.ts'
export type { Selection } from './packet-run/read-selection.ts'
export type { Reshape } from './packet-run/reshaping.ts'
export {
  countReceived,
  countSent,
  countSilence,
  createTally,
  type HostTally,
  isAnyOpen,
  type PingHost,
  portsOf,
  rttOf,
  type Tally,
} from './packet-run/tally.ts'
export { telling } from './packet-run/telling.ts'
export { liveTimes, type Times } from './packet-run/times.ts'
export { createTraces, type Trace, type Traces, tracing } from './packet-run/trace.ts'
export { verdictRow, verdictRows } from './packet-run/verdict-rows.ts'
export type { PacketWay, WayTo } from './packet-run/way.ts'
export { type ProbeOptions, probe } from './probe-once.ts'
export { awaitAnswer } from './probes/await-answer.ts'
export { type IcmpTimes, icmpTimesOf, timestampOf } from './probes/packet/answer-times.ts'
export { arpProbe, ETHERNET_BROADCAST } from './probes/packet/arp-probe.ts'
export { fragments } from './probes/packet/fragments.ts'
export { icmpProbe } from './probes/packet/icmp-probe.ts'
export { neighbourProbe } from './probes/packet/neighbour-probe.ts'
export type { PacketProbe } from './probes/packet/packet-probe.ts'
export type { PayloadSeries, ProbePayload } from './probes/packet/probe-payload.ts'
export { recordedRouteOf } from './probes/packet/recorded-route.ts'
export { sight } from './probes/packet/sight.ts'
export type { Sighting } from './probes/packet/sighting.ts'
export type { SourcePort } from './probes/packet/source-ports.ts'
export { tcpProbe } from './probes/packet/tcp-probe.ts'
export { udpPayload } from './probes/packet/udp-payloads.ts'
export { udpProbe } from './probes/packet/udp-probe.ts'
export type { Probe, ProbeIo } from './probes/probe.ts'
export { type TcpConnectOptions, tcpConnect } from './probes/tcp-connect.ts'
export { udpDatagram } from './probes/udp-datagram.ts'
export { createConnectPool } from './run/connect-pool.ts'
export { createExchange, type Exchange } from './run/exchange/exchange.ts'
export type { Aim } from './run/exchange/ledger.ts'
export type { ExchangeListener, ShotAnswer } from './run/exchange/listener.ts'
export { createPace } from './run/exchange/pace.ts'
export {
  openPacketClock,
  type PacketClock,
  type PacketClockOptions,
} from './run/exchange/packet-clock.ts'
export { isLikelyProbe } from './run/exchange/recorded-probe.ts'
export { createReplay } from './run/exchange/replay.ts'
export { runScan } from './run/exchange/scan.ts'
export { createProspects } from './run/exchange/scan-prospects.ts'
export { createRoundTrips, type RoundTrips } from './run/exchange/scan-round-trips.ts'
export {
  openSingleShots,
  type SingleShotOptions,
  type SingleShots,
} from './run/exchange/single-shots.ts'
export { runVolley } from './run/exchange/volley.ts'
export { createFlight } from './run/flight.ts'
export { createQueue, type Queue } from './run/queue.ts'
export { type Resolved, type ResolvedHost, resolveHost, resolveTargets } from './run/resolve.ts'
export { type Fault, type Lane, type Plan, type Result, type RunEvent, schedule } from './run/schedule.ts'
export { LINK_TYPE } from './wire/link.ts'
export { TCP_FLAG } from './wire/tcp-flags.ts'
