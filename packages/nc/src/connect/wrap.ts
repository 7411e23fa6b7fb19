import { type ByteStream, type Connection, err, ResolveError } from '@portkit/core'
import { NcFault, PassingFault } from '../fault.ts'
import { ProxyFault } from '../proxy/proxy-fault.ts'
import { throughProxy } from '../proxy/through-proxy.ts'
import type { Run } from '../run.ts'
import type { ProxyChoice } from '../settings.ts'
import type { Dialled } from './dial.ts'
import { numericHost } from './numeric-host.ts'
import type { Opened } from './opened.ts'
import { secureClient } from './secure.ts'

/** Puts the way through the proxy and TLS on top of an open connection. @throws NcFault for what the proxy says */
export async function wrap(
  run: Run,
  host: string,
  opened: Opened & { readonly connection: Connection },
  redial: () => Promise<Dialled>,
): Promise<Opened> {
  const { proxy, tls } = run.settings
  let { connection } = opened
  const again = async (): Promise<ByteStream> => {
    const dialled = await redial()
    if (dialled.connection === undefined) throw new NcFault('the proxy refused a further connection')
    connection = dialled.connection
    return connection.bytes()
  }
  const plain = connection.bytes()
  const through = proxy === undefined ? plain : await proxied(run, host, opened.port, proxy, plain, again)
  if (tls === undefined) return { ...opened, connection, stream: through }
  const stream = await secureClient(run, through, tls, host, opened.port)
  return { ...opened, connection, stream, succeeded: stream !== undefined }
}

async function proxied(
  run: Run,
  host: string,
  port: number,
  choice: ProxyChoice,
  plain: ByteStream,
  reconnect: () => Promise<ByteStream>,
): Promise<ByteStream> {
  const tools = {
    lookup4: (name: string) => lookUp4(run, name),
    askPassword: (question: string) => run.io.system.askSecret(question),
    reconnect,
    // Nobody listening any more ends the whole run elsewhere.
    say: (line: string) => void run.say(err(`${line}\n`)).catch(() => {}),
  }
  try {
    return await throughProxy(plain, { host, port }, choice, tools)
  } catch (error) {
    throw error instanceof ProxyFault ? new PassingFault(error.message) : error
  }
}

/** nc asks for names here even under -n. @throws ResolveError */
async function lookUp4({ io }: Run, host: string): Promise<string> {
  const numeric = numericHost(host)
  if (numeric?.family === 4) return numeric.address
  if (numeric !== undefined)
    throw new ResolveError(host, 'EAI_ADDRFAMILY', 'Address family for hostname not supported')
  const [first] = await io.dns.lookup(host, 4)
  if (first === undefined) throw new ResolveError(host, 'EAI_NONAME', 'Name or service not known')
  return first.address
}
