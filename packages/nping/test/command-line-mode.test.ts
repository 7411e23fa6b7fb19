import { checkSource, type Family } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { chooseMode } from '../src/command-line/choose-mode.ts'
import { checkInterface } from '../src/command-line/kinds.ts'
import { exitStatus, faultStatus } from '../src/exit-status.ts'
import { settingsOf } from './command-line-kit.ts'

async function choice(line: string, canSendPackets: boolean, family: Family = 4) {
  const settings = await settingsOf(...line.split(' ').filter((word) => word !== ''), 'a.lan')
  return chooseMode(settings, { canSendPackets, family })
}

describe('the mode', () => {
  it.each([
    ['', true, 4, 'icmp'],
    ['', true, 6, 'tcp'],
    ['', false, 4, 'tcp-connect'],
    ['-p 22', true, 4, 'tcp'],
    ['-p 22', false, 4, 'tcp-connect'],
    ['-g 53', true, 4, 'tcp'],
    ['--flags ack', true, 4, 'tcp'],
    ['--icmp-id 5', true, 6, 'icmp'],
    ['--tr', true, 4, 'icmp'],
    ['--ttl 5', true, 4, 'icmp'],
    ['--udp', true, 4, 'udp'],
    ['--udp', false, 4, 'udp-sockets'],
    ['--udp --unprivileged', true, 4, 'udp-sockets'],
    ['--udp --privileged', false, 4, 'udp'],
    ['--unprivileged', true, 4, 'tcp-connect'],
    ['--tcp', false, 4, 'tcp'],
    ['--timestamp', true, 4, 'icmp'],
    ['--arp', true, 4, 'arp'],
  ] as const)(
    'of %j is, with the right to send packets %j and IPv%i, %s',
    async (line, can, family, mode) => {
      expect(await choice(line, can, family)).toEqual({ mode, notes: [] })
    },
  )

  it('says which options mean nothing in it, each once', async () => {
    const line = '--tcp-connect --ttl 5 --hop-limit 6 --flags ack --data-string hello -N -p 22 -c 1 -v'
    expect(await choice(line, true)).toEqual({
      mode: 'tcp-connect',
      notes: [
        '--ttl means nothing in TCP-connect mode',
        '--flags means nothing in TCP-connect mode',
        '--data-string means nothing in TCP-connect mode',
        '--no-capture means nothing in TCP-connect mode',
      ],
    })
    expect((await choice('--tcp --id 5 --df --ttl 9', true, 6)).notes).toEqual([
      '--id means nothing with IPv6',
      '--df means nothing with IPv6',
    ])
    expect((await choice('--udp --seq 5', true)).notes).toEqual(['--seq means nothing in UDP mode'])
  })

  it('is refused when what was asked for cannot be done without privileges', async () => {
    await expect(choice('--tr', false)).rejects.toThrow('--traceroute needs')
    await expect(choice('--udp --ttl 5', false)).rejects.toThrow(
      '--ttl needs packets of our own making (CAP_NET_RAW)',
    )
    await expect(choice('--udp -e eth0', false)).rejects.toThrow(
      '--interface needs packets of our own making',
    )
    await expect(choice('--udp --write f', false)).rejects.toThrow('--write keeps packets of our own making')
    await expect(choice('--tcp-connect --write f', true)).rejects.toThrow('--write keeps packets')
    await expect(choice('--write f', false)).rejects.toThrow('--write keeps packets')
    await expect(choice('--timestamp', true, 6)).rejects.toThrow('timestamp requests have no IPv6')
    await expect(choice('--icmp-id 5', false)).rejects.toThrow('--icmp-id does not go with TCP-connect mode')
  })
})

it('may leave by an interface that exists', () => {
  checkInterface('eth0', ['lo', 'eth0'])
  expect(() => checkInterface('eth1', ['lo', 'eth0'])).toThrow('-e: eth1 is no network interface')
})

describe('a source address', () => {
  it('may be one of our own, however it is written, and no other', () => {
    checkSource('-S', 'fd00::1', ['10.0.0.1', 'FD00:0::1'])
    checkSource('-S', '10.0.0.1', ['10.0.0.1'])
    expect(() => checkSource('-S', '10.0.0.2', ['10.0.0.1'])).toThrow(
      '-S: 10.0.0.2 is not an address of this machine, and no other is ever forged',
    )
    expect(() => checkSource('-S', '10.0.0.2', [])).toThrow()
  })
})

describe('the exit status', () => {
  it.each([
    ['state', true, false, 0],
    ['state', false, false, 1],
    ['state', true, true, 0],
    ['state', false, true, 1],
    ['nping', true, false, 0],
    ['nping', false, false, 0],
    ['nping', true, true, 1],
  ] as const)('by %s, something open %j, interrupted %j is %i', (by, anyOpen, interrupted, status) => {
    expect(exitStatus(by, { anyOpen, interrupted, nothingSent: false })).toBe(status)
  })

  it('of a run that could send nothing is that of a fault, but not for nping', () => {
    const ending = { anyOpen: false, interrupted: false, nothingSent: true }
    expect([exitStatus('state', ending), exitStatus('nping', ending)]).toEqual([2, 0])
  })

  it('of a fault is 2, or 1 as nping has it', () => {
    expect([faultStatus('state'), faultStatus(undefined), faultStatus('nping')]).toEqual([2, 2, 1])
  })
})
