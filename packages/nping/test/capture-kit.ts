import { toolRunner, VERSION } from '../../core/test/tool-kit.ts'
import { npingTs } from '../src/cli.ts'

export { packetsIn } from '../../core/test/capture-runs.ts'
export { recordsOf } from '../../core/test/tool-kit.ts'

/** Reads a capture of a simulated world; files are read in real time, which a virtual clock does not wait for. */
export const { readOn } = toolRunner(() => npingTs(VERSION))

/**
 * A report without what a capture cannot know: how long was waited in the end, and when late answers, which nobody waits
 * for, were looked at.
 */
export function comparable(stdout: string): readonly string[] {
  const lines = stdout.replace(/pinged in [\d.]+ seconds/, 'pinged').split('\n')
  const isOfPacket = (line: string): boolean => /^(SENT|RCVD) /.test(line)
  const timeOf = (line: string): number => Number(/\(([\d.]+)s\)/.exec(line)?.[1])
  const packets = lines.filter(isOfPacket).sort((a, b) => timeOf(a) - timeOf(b))
  return [...packets, ...lines.filter((line) => !isOfPacket(line))]
}
