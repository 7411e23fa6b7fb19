import { join } from 'node:path'
import { recordedFiles } from '@portkit/lab/recorded'
import { describe, expect, it } from 'vitest'
import { retold } from './words-retell.ts'

const CASES = [...recordedFiles(join(import.meta.dirname, 'recorded')).values()].flat()

/** Raw IP, listening and relative ids are refused; type 15 of ICMP hping3 does not send either. */
const REFUSED = ['-0', '-9', '-r', '15']

/** hping3's own debugging lines, the guess how long a system has been up, and the last words of a scan that crashes. */
const NOT_TOLD = /^(?:DEBUG: .*| {2}HZ seems .*| {2}System uptime .*|\*{3} buffer overflow .*)\n/gm

/** The only other difference: a round trip has three decimals. */
function asOurs(recorded: string): string {
  return recorded.replace(/rtt=(\d+\.\d) ms/g, 'rtt=$100 ms')
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
  const scans = CASES.filter(({ stderr = [] }) => stderr.some((line) => line.startsWith('All replies')))

  it.each(told)('is told anew to the octet: $id $title', ({ argv, stdout = [] }) => {
    const recorded = textOf(stdout)
    expect(retold(argv, recorded)).toBe(asOurs(recorded))
  })

  it.each(scans)('is told anew on standard error: $id $title', ({ argv, stderr = [] }) => {
    const recorded = textOf(stderr)
    expect(retold(argv, recorded)).toBe(recorded)
  })

  it('is most of all that was recorded', () => {
    expect(told.length).toBeGreaterThan(150)
    expect(scans.length).toBeGreaterThan(15)
  })
})
