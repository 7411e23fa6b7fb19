import type { Differs, Judgement } from '@portkit/lab/recorded'

const BLIND = 'nping sends IPv6 packets but never sees the answers'

/** IPv6 raw modes: one probe, and what comes back at last. */
function six(port: number, answer: RegExp | undefined): Differs {
  const sent = String.raw`SENT \(TIME\) TCP \[?fd77::1:PORT > fd77::2:${port} S .*`
  const lost =
    answer === undefined
      ? String.raw`Rcvd: 0 \(0B\) \| Lost: 1 \(100\.00%\)`
      : String.raw`Rcvd: 1 \(\d+B\) \| Lost: 0 \(0\.00%\)`
  const back = answer === undefined ? '' : String.raw`RCVD \(TIME\) ${answer.source}\n`
  return {
    kind: 'differs',
    why: BLIND,
    stdout: new RegExp(
      String.raw`^\nStarting NAME at DATE\n${sent}\n${back} \nMax rtt: .*\nRaw packets sent: 1 \(\d+B\) \| ${lost}\n`,
    ),
    stderr: /^$/,
  }
}

const SIX_OPEN = six(22, /TCP \[?fd77::2:22 > fd77::1:PORT SA .*/)
const SIX_CLOSED = six(111, /TCP \[?fd77::2:111 > fd77::1:PORT RA .*/)
const sixError = (port: number, code: number): Differs =>
  six(port, new RegExp(String.raw`ICMP.* \[?fd77::2 > fd77::1 .*type=1\/code=${code}.*`))

const SOLICITATION = String.raw`SENT \(TIME\) ICMPv6 \[fd77::1 > ff02::1:ff00:2 Neighbor solicitation .*who has fd77::2\?.*`
const ADVERTISEMENT = String.raw`RCVD \(TIME\) ICMPv6 \[fd77::2 > fd77::1 Neighbor advertisement .*fd77::2 is at 02:77:00:00:00:02.*`

/** Raw modes over IPv6, in which nping never sees an answer, by the name of the case. */
export const IPV6_DIFFERENCES: readonly (readonly [string, Judgement])[] = [
  [
    'n-036',
    {
      ...SIX_OPEN,
      why: 'the family follows from a literal address',
      exit: 0,
      wire: [/fd77::1\.PORT > fd77::2\.22: Flags \[S\]/],
    },
  ],
  [
    'n-045',
    {
      kind: 'differs',
      why: 'neighbour solicitation is the ARP of IPv6, which nping refuses',
      exit: 0,
      stdout: new RegExp(
        String.raw`^\nStarting NAME at DATE\n${SOLICITATION}\n${ADVERTISEMENT}\n \n.*RTTms.*\nRaw packets sent: 1 \(72B\) \| Rcvd: 1 \(72B\)`,
      ),
      stderr: /^$/,
    },
  ],
  ['n-207', SIX_OPEN],
  ['n-208', SIX_OPEN],
  ['n-209', SIX_CLOSED],
  ['n-210', SIX_CLOSED],
  ['n-211', six(137, undefined)],
  ['n-212', six(137, undefined)],
  ['n-213', sixError(8, 1)],
  ['n-214', sixError(8, 1)],
  ['n-215', sixError(10, 4)],
  ['n-216', sixError(10, 4)],
  [
    'n-217',
    {
      kind: 'differs',
      why: BLIND,
      stdout:
        /SENT \(TIME\) TCP \[?fd77::1:PORT > fd77::2:22 S [\s\S]*RCVD \(TIME\) TCP \[?fd77::2:22 > fd77::1:PORT SA /,
      stderr: /^$/,
    },
  ],
  [
    'n-218',
    {
      kind: 'differs',
      why: 'the hop limit can be set',
      exit: 0,
      stdout:
        /SENT \(TIME\) TCP \[?fd77::1:PORT > fd79::2:22 S [\s\S]*RCVD \(TIME\) ICMP.*fd77::2 > fd77::1 .*type=3\/code=0/,
      stderr: /^$/,
      wire: [/hlim 1,.* > fd79::2\.22: Flags \[S\]/],
    },
  ],
  [
    'n-219',
    {
      ...SIX_OPEN,
      stdout: /Raw packets sent: 5 \(\d+B\) \| Rcvd: 5|Raw packets sent: 1 \(\d+B\) \| Rcvd: 1/,
    },
  ],
  [
    'n-232',
    {
      kind: 'differs',
      why: BLIND,
      stdout: /SENT \(TIME\) UDP \[?fd77::1:53 > fd77::2:7[\s\S]*RCVD \(TIME\) UDP \[?fd77::2:7 > fd77::1:53/,
      stderr: /^$/,
      wire: [/fd77::1\.53 > fd77::2\.7:/],
    },
  ],
  [
    'n-233',
    {
      kind: 'differs',
      why: BLIND,
      stdout:
        /SENT \(TIME\) UDP \[?fd77::1:53 > fd77::2:111[\s\S]*RCVD \(TIME\) ICMP.*fd77::2 > fd77::1 .*type=1\/code=4/,
      stderr: /^$/,
      wire: [/fd77::1\.53 > fd77::2\.111:/],
    },
  ],
  [
    'n-252',
    {
      kind: 'differs',
      why: BLIND,
      exit: 0,
      stdout: /SENT \(TIME\) ICMP.*fd77::1 > fd77::2 .*[\s\S]*RCVD \(TIME\) ICMP.*fd77::2 > fd77::1 /,
      stderr: /^$/,
      wire: [/fd77::1 > fd77::2: .*echo request/],
    },
  ],
  [
    'n-266',
    {
      kind: 'differs',
      why: BLIND,
      stdout: /fd77::2 > fd77::1 [\s\S]*fd78::2 > fd77::1 [\s\S]*fd79::2:22 > fd77::1:PORT SA/,
      wire: [/hlim 1,/, /hlim 2,/, /hlim 3,/],
    },
  ],
]
