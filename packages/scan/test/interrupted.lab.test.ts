import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOSTS, TRUTH } from '@portkit/lab/scan-world'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeScans, falsehoods, mistakes, type PortStates, statesInFile } from './scan-lab-kit.ts'

const DTD = '/usr/share/nmap/nmap.dtd'
const FULL = HOSTS.full.address4
const PORTS = 4000
const expected = { truth: TRUTH.full, scan: 'syn', from: 1, to: PORTS } as const

describeScans('portscan that is interrupted', ['xmllint'], ({ world, scan, start }) => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'scan-interrupted-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  /** Valid where nmap's DTD is installed, else at least well-formed. */
  const isValid = async (path: string): Promise<void> => {
    const rules = existsSync(DTD) ? ['--dtdvalid', DTD] : []
    const told = await world.exec('xmllint', ['--noout', '--nonet', ...rules, path])
    expect({ stderr: told.stderr, status: told.status }).toEqual({ stderr: '', status: 0 })
  }
  const states = (path: string): PortStates | undefined => statesInFile(path).get(FULL)
  /** Begins a scan with a checkpoint, which is not over soon. */
  const begin = async (base: string, kind: string, rate = 2500) => {
    const files = `-oA ${base} --checkpoint ${base}.state`
    const running = start(`-n -v ${kind} --max-rate ${rate} ${files} -p 1-${PORTS} ${FULL}`)
    await running.until(/Discovered open port/)
    return running
  }
  /** Gives how many packets that took. */
  const goOn = async (base: string): Promise<number> => {
    const { status, stdout, stderr } = await start(`--resume ${base}.state -oX ${base}.done.xml`).done
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    await isValid(`${base}.done.xml`)
    const [, sent] = /Raw packets sent: (\d+) /.exec(stdout) ?? []
    return Number(sent)
  }

  it.each([
    ['SIGINT', 130, '-sS'],
    ['SIGINT', 130, '-sT'],
    ['SIGTERM', 143, '-sS'],
    ['SIGHUP', 129, '-sT'],
  ] as const)(
    'tells what it knows after %s, ends with %d, and goes on later as if nothing had been: %s',
    async (signal, number, kind) => {
      const base = join(folder, `${signal}${kind}`)
      const running = await begin(base, kind)
      running.kill(signal)
      const { status, stdout } = await running.done
      expect(status).toBe(number)
      expect(stdout).toMatch(/^22\/tcp +open/m)
      await isValid(`${base}.xml`)
      expect(falsehoods(states(`${base}.xml`), expected)).toEqual([])
      expect(states(`${base}.xml`)?.size).toBeLessThan(PORTS)
      await goOn(base)
      const whole = await scan(`${kind} -p 1-${PORTS} ${FULL}`)
      expect(mistakes(states(`${base}.done.xml`), expected)).toEqual([])
      expect(states(`${base}.done.xml`)).toEqual(whole.hosts.get(FULL))
    },
  )

  it.each(['-sS', '-sT'])('goes on after SIGKILL, and asks no more what is known: %s', async (kind) => {
    const base = join(folder, `killed${kind}`)
    // The checkpoint is written every two seconds.
    const running = await begin(base, kind, 1000)
    const { size } = statSync(`${base}.state`)
    while (statSync(`${base}.state`).size < size + 1000) await world.exec('true')
    running.kill('SIGKILL')
    expect((await running.done).signal).toBe('SIGKILL')
    const packets = await goOn(base)
    expect(mistakes(states(`${base}.done.xml`), expected)).toEqual([])
    if (kind === '-sS') expect(packets).toBeLessThan(PORTS - 20)
  })

  it('gives what it knows of hosts whose time is over, and goes on with them', async () => {
    const path = join(folder, 'over.xml')
    const { status } = await start(
      `-n -sS --max-rate 1000 --host-timeout 1s -oX ${path} -p 1-${PORTS} ${FULL}`,
    ).done
    expect(status).toBe(0)
    await isValid(path)
    expect(falsehoods(states(path), expected)).toEqual([])
    expect(states(path)?.get(22)).toBe('open')
    expect(states(path)?.size).toBeLessThan(PORTS)
  })
})
