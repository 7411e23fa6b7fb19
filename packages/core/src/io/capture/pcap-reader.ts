/// <reference path="./pcap-parser.d.ts" />
import pcapParser, { type ParsedPacket } from 'pcap-parser'
import { builtin } from '../builtin.ts'
import { type Captured, captureFault } from './captured-packet.ts'
import type { LookAhead } from './look-ahead.ts'
import { type PcapBatch, pcapBatches } from './pcap-batches.ts'
import { type PcapFormat, takePcapHeader } from './pcap-format.ts'

/**
 * Classic captures, read by pcap-parser. It knows neither nanoseconds nor truncation, copies all that it has for each
 * piece it gets, and believes any length; therefore it sees checked batches only, each as a file of its own in one piece.
 * Rejects with LocalFault EBADMSG for a header or record that cannot be true.
 */
export async function* readPcap(head: LookAhead, format: PcapFormat, name: string): Captured {
  const header = await takePcapHeader(head, format, name)
  const batches = pcapBatches(head, header, name)
  for (;;) {
    const { done, value } = await batches.next()
    if (done === true) return value
    for (const { header: record, data } of await parsed(value, name)) {
      yield {
        linkType: header.linkType,
        octets: new Uint8Array(data.buffer, data.byteOffset, data.length),
        length: record.originalLength,
        timeNs:
          BigInt(record.timestampSeconds) * SECOND_NS + BigInt(record.timestampMicroseconds) * header.unitNs,
        interfaceId: 0,
      }
    }
  }
}

const SECOND_NS = 1_000_000_000n

async function parsed(batch: PcapBatch, name: string): Promise<readonly ParsedPacket[]> {
  const { Readable } = builtin<typeof import('node:stream')>('node:stream')
  const packets: ParsedPacket[] = []
  await new Promise<void>((resolve, reject) => {
    const parser = pcapParser.parse(Readable.from([batch.file], { objectMode: false }))
    parser.on('packet', (packet) => packets.push(packet))
    parser.on('end', resolve)
    parser.on('error', reject)
  })
  // What was checked and what was read must be the same packets.
  if (packets.length === batch.packets) return packets
  throw captureFault(name, `only ${packets.length} of ${batch.packets} packets were understood`)
}
