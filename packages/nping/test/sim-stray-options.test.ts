import { describe, expect, it } from 'vitest'
import { run, verdictsOf } from './sim-kit.ts'

describe('an option that means nothing in the mode', () => {
  it('cuts no ARP, whatever --mtu says', async () => {
    const { stdout, stderr } = await run('--arp --mtu 8 -c 1 10.0.0.2')
    expect(verdictsOf(stdout)[0]).toMatch(/^10\.0\.0\.2 up arp-response/)
    expect(stderr).toBe('nping-ts: --mtu means nothing in ARP mode\n')
  })

  it.each([
    ['--tcp-connect -N -p 22', '10.0.0.2 22/tcp open syn-ack'],
    ['--udp --unprivileged -N -p 53', '10.0.0.2 53/udp open udp-response'],
  ])('takes no verdict from sockets: %s', async (command, verdict) => {
    const { stdout, stderr } = await run(`${command} -c 1 10.0.0.2`)
    expect(verdictsOf(stdout)[0]).toContain(verdict)
    expect(stderr).toContain('--no-capture means nothing in')
  })
})

it('refuses to connect by an interface that does not exist, before the first probe', async () => {
  const { status, stdout, stderr } = await run('--tcp-connect -e nosuch0 -p 22 -c 1 10.0.0.2')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toBe('nping-ts: -e: nosuch0 is no network interface that is up and has an address\n')
})

it('does not wait for answers to a traceroute that nobody listens to', async () => {
  expect((await run('--tcp --tr -N -p 22 -c 3 --delay 10ms 10.0.0.2')).tookMs).toBeLessThan(100)
})
