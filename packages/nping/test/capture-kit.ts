import { type Line, runCli } from '@portkit/core'
import type { SimIo } from '@portkit/core/sim'
import { npingTs } from '../src/cli.ts'

const VERSION = '1.2.3'

export interface Report {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

/** Reads a capture of a simulated world; files are read in real time, which a virtual clock does not wait for. */
export async function readOn(io: SimIo, argv: readonly string[]): Promise<Report> {
  const lines: Line[] = []
  const write = (line: Line): boolean => {
    lines.push(line)
    return true
  }
  const status = await runCli(npingTs(VERSION), argv, io, write, { version: VERSION })
  const textOf = (to: Line['to']) => lines.flatMap((line) => (line.to === to ? line.text : [])).join('')
  return { status, stdout: textOf('out'), stderr: textOf('err') }
}

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

export type JsonRecord = Readonly<Record<string, unknown>>

export function recordsOf(stdout: string, type?: string): readonly JsonRecord[] {
  const all = stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JsonRecord)
  return type === undefined ? all : all.filter((record) => record.type === type)
}

/** The packets of a file that we wrote, which is little-endian with nanoseconds. */
export function packetsIn(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const packets: { readonly timeNs: bigint; readonly octets: Uint8Array; readonly length: number }[] = []
  for (let at = 24; at < file.length; ) {
    const captured = view.getUint32(at + 8, true)
    const timeNs = BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true))
    const octets = file.slice(at + 16, at + 16 + captured)
    packets.push({ timeNs, octets, length: view.getUint32(at + 12, true) })
    at += 16 + captured
  }
  return { linkType: view.getUint32(20, true), packets }
}
