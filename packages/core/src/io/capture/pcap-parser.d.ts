/** What we use of pcap-parser 0.2.1, which has no types of its own. */
declare module 'pcap-parser' {
  namespace pcapParser {
    interface ParsedPacket {
      readonly header: {
        readonly timestampSeconds: number
        /** The second field of the stamp, whatever its unit. */
        readonly timestampMicroseconds: number
        readonly capturedLength: number
        readonly originalLength: number
      }
      readonly data: Buffer
    }

    interface Parser {
      on(event: 'packet', listener: (packet: ParsedPacket) => void): this
      on(event: 'error', listener: (error: Error) => void): this
      on(event: 'end', listener: () => void): this
    }

    function parse(input: NodeJS.ReadableStream): Parser
  }

  export = pcapParser
}
