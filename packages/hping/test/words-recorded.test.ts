import { join } from 'node:path'
import { recordedFiles } from '@portkit/lab/recorded'
import { describe, expect, it } from 'vitest'
import { retold } from './words-retell.ts'

const CASES = [...recordedFiles(join(import.meta.dirname, 'recorded')).values()].flat()

/** Raw IP, listening and relative ids are refused; type 15 of ICMP hping3 does not send either. */
const REFUSED = ['-0', '-9', '-r', '15']

/**
 * hping3's own debugging lines, the guess how long a system has been up, the last words of a scan that crashes, and
 * what it says of its memory and of the file that it sends.
 */
const NOT_TOLD =
  /^(?:DEBUG: .*| {2}HZ seems .*| {2}System uptime .*|\*{3} buffer overflow .*|\[(?:main|datafiller)\] .*|Warning: can't .*|EOF reached.*)\n/gm

/** The other differences: round trips have three decimals, and no less than nothing is lost. */
function asOurs(recorded: string): string {
  return recorded
    .replace(/rtt=(\d+\.\d) ms/g, 'rtt=$100 ms')
    .replace(/max = (?!0\.0\/0\.0\/0\.0 )(\d+\.\d)\/(\d+\.\d)\/(\d+\.\d) ms/, 'max = $100/$200/$300 ms')
    .replace(/-\d+% packet loss/, '0% packet loss')
}

function textOf(lines: readonly string[]): string {
  return lines
    .map((line) => `${line}\n`)
    .join('')
    .replace(NOT_TOLD, '')
}

describe('what hping3 printed', () => {
  const isTold = (argv: readonly string[]): boolean => !argv.some((word) => REFUSED.includes(word))
  const told = CASES.filter(
    ({ argv, stdout = [] }) => isTold(argv) && stdout.some((line) => /^HPING|^ *\d+ .*: /.test(line)),
  )
  const ended = CASES.filter(
    ({ argv, stderr = [] }) =>
      isTold(argv) && stderr.some((line) => /^All replies|hping statistic/.test(line)),
  )

  it.each(told)('is told anew to the octet: $id $title', ({ argv, stdout = [] }) => {
    const recorded = textOf(stdout)
    expect(retold(argv, recorded)).toBe(asOurs(recorded))
  })

  it.each(ended)('is told anew on standard error: $id $title', ({ argv, stderr = [] }) => {
    const recorded = textOf(stderr)
    expect(retold(argv, recorded)).toBe(asOurs(recorded))
  })

  it('is most of all that was recorded', () => {
    expect(told.length).toBeGreaterThan(150)
    expect(ended.length).toBeGreaterThan(150)
  })
})
