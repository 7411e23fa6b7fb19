import { UsageError } from '@portkit/core'
import type { Args } from './args.ts'

/** Contradictions among the options that nc does not have. @throws UsageError */
export function refuseOwnConflicts(args: Args, isUnix: boolean): void {
  const exclusive = [
    ...pairs('--tls', args.tls, [
      ['-u', args.udp],
      ['-U', isUnix],
      ['-F', args['pass-fd']],
      ['-t', args.telnet],
    ]),
    ...pairs('--json', args.json, [
      ['-l', args.listen],
      ['-U', isUnix],
      ['-F', args['pass-fd']],
      // A record is about packets to the port itself.
      ['-x', args.proxy !== undefined],
    ]),
    ...pairs('--wait', args.wait !== undefined, [
      ['-l', args.listen],
      ['-U', isUnix],
    ]),
    ...pairs('-l', args.listen, [
      ['--sni', args.sni !== undefined],
      ['--tls-insecure', args['tls-insecure']],
      ['--honest-udp', args['honest-udp']],
    ]),
    ...pairs('--hex-dump', args['hex-dump'] !== undefined, withoutSession(args)),
    ...pairs('--progress', args.progress, withoutSession(args)),
    ...pairs('-U', isUnix, [
      ['--honest-udp', args['honest-udp']],
      ['--allow', args.allow.length > 0],
      ['--deny', args.deny.length > 0],
    ]),
  ]
  for (const [one, other, areBoth] of exclusive) {
    if (areBoth) throw new UsageError(`cannot use ${one} and ${other}`)
  }
  refuseMissing(args)
}

/** Options under which no data passes through here. */
function withoutSession(args: Args): readonly Flag[] {
  return [
    ['-z', args.zero],
    ['-F', args['pass-fd']],
  ]
}

type Flag = readonly [name: string, isGiven: boolean]
type Pair = readonly [one: string, other: string, areBoth: boolean]

function pairs(one: string, isOne: boolean, others: readonly Flag[]): readonly Pair[] {
  return others.map(([other, isOther]) => [one, other, isOne && isOther])
}

/** Options that mean something only beside another one. */
function refuseMissing(args: Args): void {
  const { tls, cert, key } = args
  const needs = [
    ['--tls-insecure', args['tls-insecure'], '--tls', tls],
    ['--sni', args.sni !== undefined, '--tls', tls],
    ['--ca', args.ca !== undefined, '--tls', tls],
    ['--cert', cert !== undefined, '--tls', tls],
    ['--key', key !== undefined, '--tls', tls],
    ['--alpn', args.alpn !== undefined, '--tls', tls],
    ['--cert', cert !== undefined, '--key', key !== undefined],
    ['--key', key !== undefined, '--cert', cert !== undefined],
    ['-l with --tls', args.listen && tls, '--cert and --key', cert !== undefined],
    ['--allow', args.allow.length > 0, '-l', args.listen],
    ['--deny', args.deny.length > 0, '-l', args.listen],
    ['--honest-udp', args['honest-udp'], '-u', args.udp],
    ['--json', args.json, '-z', args.zero],
  ] as const
  for (const [one, isGiven, other, isThere] of needs) {
    if (isGiven && !isThere) throw new UsageError(`must use ${other} with ${one}`)
  }
}
