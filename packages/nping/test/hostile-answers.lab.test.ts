import { beforeAll, describe, expect, it } from 'vitest'
import { BACKENDS, counts, describeHostile, HOSTILE, ONLY_NET_RAW, rows } from './hostile-kit.ts'

/** What hostile-responder.py does at a port, and what is to be said of it. */
const CASES: readonly (readonly [string, number, string])[] = [
  // First, so that much of the run is still to come when its answer does.
  ['an answer after its time, which counts as lost', 1002, 'open syn-ack'],
  ['a plain answer', 1000, 'open syn-ack'],
  ['two answers', 1001, 'open syn-ack'],
  ['200 ICMP errors', 1019, 'filtered admin-prohibited'],
  ['SYN-ACKs of other acknowledgment numbers', 1003, 'filtered no-response'],
  ['RSTs of other acknowledgment numbers', 1004, 'filtered no-response'],
  ['an answer from another address', 1005, 'filtered no-response'],
  ['an answer in two fragments', 1006, 'open syn-ack'],
  ['an answer with IP options or extension headers', 1007, 'open syn-ack'],
  ['ICMP errors that quote garbage', 1008, 'filtered no-response'],
  ['ICMP errors whose quote is cut before the sequence number', 1009, 'filtered no-response'],
  ['ICMP errors that quote other ports', 1010, 'filtered no-response'],
  ['forged ICMP errors of guessed sequence numbers', 1011, 'filtered no-response'],
  ['an ICMP error of a router', 1012, 'filtered admin-prohibited ROUTER'],
  ['an answer with a priority tag', 1013, 'open syn-ack'],
  ['a RST and then a SYN-ACK', 1014, 'closed reset'],
  ['segments that are cut in their header', 1016, 'filtered no-response'],
  ['a header longer than its segment', 1017, 'filtered no-response'],
  ['a RST to another port of ours', 1018, 'filtered no-response'],
]
/** After the first of each: 1 of 1001, and 199 of 1019. The SYN-ACK of 1014 answers the same SYN. */
const REPEATED = 1 + 199 + 1
const LATE = 1
const ANSWERED = CASES.filter(([, , verdict]) => !verdict.includes('no-response')).length - LATE
const PORTS = CASES.map(([, port]) => port)
/** What the responder waits. */
const LATE_MS = 2000
/** Of the answer of port 1020, on demand. */
const COPIES = 20_000
/** Of 100,000 packets not one is kept. */
const MOST_KB = 200_000

describeHostile('answers that no decent host gives', ['python3', 'nft', 'setpriv'], (hostile) => {
  beforeAll(() => hostile.answerBadly())

  describe.each(BACKENDS)('by %s', (backend) => {
    describe.each([4, 6] as const)('over IPv%i', (family) => {
      const address = HOSTILE[family]
      const router = family === 4 ? '10.77.0.67' : 'fd77::43'
      let stdout = ''
      let stderr = ''

      beforeAll(async () => {
        // Longer than it takes until the answer that is too late.
        const often = `-p ${PORTS.join()} -c 1 --delay 100ms --timeout 1500ms`
        const ran = await hostile.run(`--backend ${backend} --tcp ${often} ${address}`)
        stdout = ran.stdout
        stderr = ran.stderr
      })

      it.each(CASES)('judges %s', (_, port, verdict) => {
        const table = rows(stdout).filter((row) => row.startsWith(`${address} ${port}/tcp `))
        expect(table).toEqual([`${address} ${port}/tcp ${verdict.replace('ROUTER', router)}`])
      })

      it('counts each probe once, and the rest apart', () => {
        const { length } = PORTS
        expect(counts(stdout)).toEqual({ sent: length, received: ANSWERED, lost: length - ANSWERED })
        expect(stdout).toMatch(
          new RegExp(`^Not counted: ${REPEATED} repeated answers, 1 answer too late$`, 'm'),
        )
        expect(stderr).toBe('')
      })
    })
  })

  it('waits for a slow host as long as it is told', async () => {
    const { stdout, status } = await hostile.run(`--tcp -p 1002 -c 1 --timeout 8s ${HOSTILE[4]}`)
    expect(rows(stdout)).toEqual([`${HOSTILE[4]} 1002/tcp open syn-ack`])
    expect(Number(/Max rtt: ([\d.]+)ms/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(LATE_MS)
    expect(status).toBe(0)
  })

  it.each(BACKENDS)('%s keeps none of 100,000 packets of others', async (backend) => {
    const { stdout, stderr, status } = await hostile.bash(
      `NPING --backend ${backend} --tcp -p 1015 -c 1 --timeout 12s ${HOSTILE[4]} & pid=$!
      while grep VmHWM /proc/$pid/status >&2 2>/dev/null; do sleep 0.1; done; wait $pid`,
      { timeoutMs: 30_000 },
    )
    // Raw sockets take in all of them, on a busy machine without the one that counts; a filter in the kernel does not.
    const isFound = backend === 'kernel' || stdout.includes('RCVD')
    const verdict = isFound ? 'open syn-ack' : 'filtered no-response'
    expect(rows(stdout)).toEqual([`${HOSTILE[4]} 1015/tcp ${verdict}`])
    expect(stdout.match(/^RCVD/gm) ?? []).toHaveLength(isFound ? 1 : 0)
    expect(status).toBe(isFound ? 0 : 1)
    const kilobytes = [...stderr.matchAll(/VmHWM:\s*(\d+) kB/g)].map(([, number]) => Number(number))
    expect(Math.max(...kilobytes)).toBeGreaterThan(0)
    expect(Math.max(...kilobytes)).toBeLessThan(MOST_KB)
  })

  it('counts what is lost in a small receive buffer while it is halted', async () => {
    // The size that a user without CAP_NET_ADMIN may choose.
    const who = [...ONLY_NET_RAW, ...hostile.command()]
    const argv = `--tcp -p 1020 -c 2 --delay 60s --timeout 20s ${HOSTILE[4]}`
    const tool = hostile.world.spawn('setpriv', [...who, ...argv.split(' ')], { timeoutMs: 30_000 })
    await tool.until(/^RCVD/m)
    tool.kill('SIGSTOP')
    await hostile.repeatAnswer()
    tool.kill('SIGCONT')
    await tool.until(/^RCVD[\s\S]*^RCVD/m)
    tool.kill('SIGINT')
    const { stdout, stderr } = await tool.done
    expect(stderr).toBe('')
    expect(counts(stdout)).toEqual({ sent: 1, received: 1, lost: 0 })
    const [, again, lost] =
      /(\d+) repeated answers?, (\d+) packets lost in the receive buffer/.exec(stdout) ?? []
    expect(Number(lost)).toBeGreaterThan(0)
    expect(Number(again) + Number(lost)).toBeLessThanOrEqual(COPIES)
    expect(stdout.match(/^RCVD/gm)).toHaveLength(1 + Number(again))
  })
})
