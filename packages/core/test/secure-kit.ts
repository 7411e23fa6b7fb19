import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ByteStream, StreamFault } from '../src/io/streams.ts'

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']

/** A fresh self-signed certificate, made by openssl. */
export function makeCertificate(names: string, kind: readonly string[] = EC): Certificate {
  const text = openssl([
    ...['req', '-x509', ...kind, '-nodes', '-days', '2'],
    ...['-subj', '/CN=portkit.test', '-addext', `subjectAltName=${names}`, '-keyout', '-', '-out', '-'],
  ])
  return { key: block(text, 'PRIVATE KEY'), cert: block(text, 'CERTIFICATE') }
}

/** The same certificate, but it was valid until yesterday. */
export function outdated({ key, cert }: Certificate): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-key-'))
  try {
    writeFileSync(join(folder, 'key'), key)
    const text = openssl(['x509', '-signkey', join(folder, 'key'), '-days', '-1'], cert)
    return { key, cert: block(text, 'CERTIFICATE') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export interface Chain {
  /** PEM texts; the key is that of `own`. */
  readonly own: string
  readonly intermediate: string
  readonly root: string
  readonly key: string
}

/** Three fresh certificates, each signed by the next one. */
export function makeChain(name: string): Chain {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-chain-'))
  const file = (what: string) => join(folder, what)
  const made = (who: string, issuer: string | undefined, extension: string): string => {
    const subject = ['-subj', `/CN=${who}`, '-keyout', file(`${who}.key`)]
    const signer = ['-CA', file(`${issuer}.pem`), '-CAkey', file(`${issuer}.key`), '-CAcreateserial']
    const request = openssl([
      'req',
      ...(issuer === undefined ? ['-x509', '-days', '2'] : []),
      ...EC,
      '-nodes',
      ...subject,
    ])
    writeFileSync(file('extensions'), extension)
    const extensions = ['-days', '2', '-extfile', file('extensions')]
    const text = issuer === undefined ? request : openssl(['x509', '-req', ...signer, ...extensions], request)
    writeFileSync(file(`${who}.pem`), text)
    return block(text, 'CERTIFICATE')
  }
  try {
    const root = made('root', undefined, '')
    const intermediate = made('intermediate', 'root', 'basicConstraints=critical,CA:TRUE')
    const own = made(name, 'intermediate', `subjectAltName=DNS:${name}`)
    return { root, intermediate, own, key: readFileSync(file(`${name}.key`), 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The octets of a certificate in PEM. */
export function derOf(pem: string): Uint8Array {
  return new Uint8Array(Buffer.from(pem.replace(/-----.*-----|\s/g, ''), 'base64'))
}

function openssl(args: readonly string[], input = ''): string {
  return execFileSync('openssl', args, { encoding: 'utf8', input, stdio: ['pipe', 'pipe', 'ignore'] })
}

function block(text: string, name: string): string {
  return new RegExp(`-----BEGIN ${name}-----[\\s\\S]*?-----END ${name}-----`).exec(text)?.[0] ?? ''
}

export interface PairEnd extends ByteStream {
  /** Breaks both ends, as a RST does. */
  breakWith(code: string): void
  readonly closedWith: () => string | undefined
  /** Octets that the other end wrote and this one has not read. */
  readonly waiting: () => number
}

/** Two ends of one connection in memory; a write resolves when the other end has read it. */
export function streamPair(): readonly [PairEnd, PairEnd] {
  const forth = pipe()
  const back = pipe()
  let broke: (code: string) => void = () => {}
  const broken = new Promise<string>((resolve) => {
    broke = resolve
  })
  const breakWith = (code: string): void => {
    forth.fail(code)
    back.fail(code)
    broke(code)
  }
  const end = (input: Pipe, output: Pipe, name: string): PairEnd => {
    let how: string | undefined
    return {
      local: { address: name, port: 1 },
      remote: { address: 'peer', port: 2 },
      broken,
      breakWith,
      closedWith: () => how,
      waiting: () => input.waiting(),
      read: (most) => input.read(most),
      write: (octets) => output.write(octets),
      endWrite: () => output.end(),
      close(with_) {
        if (how !== undefined) return
        how = with_
        input.leave()
        output.end()
        if (with_ === 'rst') breakWith('ECONNRESET')
      },
    }
  }
  return [end(back, forth, 'a'), end(forth, back, 'b')]
}

type Pipe = ReturnType<typeof pipe>

function pipe() {
  let held: Uint8Array = new Uint8Array()
  let ended = false
  let left = false
  let code: string | undefined
  let wake = new Set<() => void>()
  const changed = (): void => {
    const all = wake
    wake = new Set()
    for (const one of all) one()
  }
  const change = (): Promise<void> => new Promise((resolve) => void wake.add(resolve))
  return {
    waiting: () => held.length,
    async read(most: number): Promise<Uint8Array | undefined> {
      while (held.length === 0 && !ended && !left && code === undefined) await change()
      if (left) return undefined
      if (code !== undefined) throw new StreamFault(code)
      if (held.length === 0) return undefined
      const octets = held.slice(0, most)
      held = held.slice(most)
      changed()
      return octets
    },
    async write(octets: Uint8Array): Promise<void> {
      if (ended || left) throw new StreamFault('EPIPE')
      held = Uint8Array.from(octets)
      changed()
      while (held.length > 0 && !left && code === undefined) await change()
      if (code !== undefined || left) throw new StreamFault(code ?? 'EPIPE')
    },
    end(): void {
      ended = true
      changed()
    },
    leave(): void {
      left = true
      changed()
    },
    fail(with_: string): void {
      code ??= with_
      changed()
    },
  }
}
