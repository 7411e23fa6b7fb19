import { type Connection, LocalFault, strerror } from '@portkit/core'
import { NcFault } from '../fault.ts'
import type { Run } from '../run.ts'

/** `-F`: hands the open connection to whoever is at the other end of standard output (ssh's ProxyUseFdpass). @throws NcFault */
export async function passOn({ io }: Run, connection: Connection): Promise<void> {
  try {
    if (io.system.stdout.isTty) throw new NcFault('Cannot pass file descriptor to tty')
    if (connection.descriptor === undefined) {
      throw new NcFault('-F needs Linux and the optional package koffi')
    }
    await io.system.passDescriptor(connection.descriptor)
  } catch (error) {
    throw error instanceof LocalFault ? new NcFault(`sendmsg: ${strerror(error.code)}`) : error
  } finally {
    connection.close()
  }
}
