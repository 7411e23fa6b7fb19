import { StreamFault, type TlsSettings } from '@portkit/core'
import { simIo, type World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../core/test/tool-kit.ts'
import { BANNER, HTTP, SILENT, said, TLS13, worldOf } from './kit.ts'

const WEB = { kind: 'answers', answers: [['GET / HTTP/1.', HTTP]] } as const
const WORLD = worldOf({ 443: SILENT }, { tls: { 443: { ...TLS13, peer: WEB } } })

/** A run, and how hands were shaken; a server that refuses what it is offered by ALPN if it is to. */
async function run(words: string, world: World = WORLD, refusesAlpn = false) {
  const io = simIo(world)
  const asked: TlsSettings[] = []
  const secure: typeof io.sockets.secure = (stream, role, settings, signal) => {
    asked.push(settings)
    if (!refusesAlpn || settings.alpn.length === 0) return io.sockets.secure(stream, role, settings, signal)
    stream.close('fin')
    return Promise.reject(new StreamFault('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL'))
  }
  const ran = await BANNER.runOn({ ...io, sockets: { ...io.sockets, secure } }, wordsOf(words))
  return { ...ran, asked }
}

describe('hands are shaken', () => {
  it('for the name of the host, whatever the certificate, also in ways that are outdated', async () => {
    const { asked } = await run('db.lan 443')
    expect(asked).toEqual([{ serverName: 'db.lan', verify: false, weak: true, alpn: ['h2', 'http/1.1'] }])
  })

  it('for the name that the user gives', async () => {
    const { asked } = await run('db.lan 443 --sni www.lan')
    expect(asked).toMatchObject([{ serverName: 'www.lan' }])
  })

  it('once more without ALPN where the server knows none of ours', async () => {
    const ran = await run('db.lan 443', WORLD, true)
    expect(ran.asked.map(({ alpn }) => alpn.length)).toEqual([2, 0])
    expect(said(ran, 443)).toMatch(/^open {2}http {2}nginx 1\.22\.1, 200 OK .*\[tls\+probe\]$/)
  })

  it('without ALPN from then on, also for further connections', async () => {
    const world = worldOf({ 636: SILENT }, { tls: { 636: { ...TLS13, peer: WEB } } })
    const ran = await run('db.lan 636', world, true)
    expect(said(ran, 636)).toMatch(/^open {2}http {2}nginx 1\.22\.1, 200 OK .*\[tls\+probe\]$/)
    expect(ran.asked.map(({ alpn }) => alpn.length)).toEqual([2, 0, 0])
  })

  it('without ALPN for a question of the user', async () => {
    const { asked } = await run('db.lan 443 --tls --probe x')
    expect(asked).toMatchObject([{ alpn: [] }])
  })
})
