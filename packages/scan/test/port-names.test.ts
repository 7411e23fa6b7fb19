import { LocalFault } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { createPortNames } from '../src/grammar/port-names.ts'
import { FILES, NAMES } from './grammar-kit.ts'

function namesFrom(files: Readonly<Record<string, string>>, chosen?: string) {
  const asked: string[] = []
  const names = createPortNames((path) => {
    asked.push(path)
    return files[path]
  }, chosen)
  return { names, asked }
}

describe('names of ports', () => {
  it('are those of the installed services file of nmap', () => {
    expect(NAMES.nameOf(8080, 'tcp')).toBe('http-proxy')
    expect(NAMES.nameOf(31_337, 'tcp')).toBe('Elite')
    expect(NAMES.nameOf(111, 'tcp')).toBeUndefined()
    expect(NAMES.known('udp')).toEqual([53, 80])
    expect(NAMES.portsNamed('http*', 'tcp')).toEqual([80, 280, 443, 8008, 8080])
    expect(NAMES.portsNamed('elite', 'tcp')).toEqual([31_337])
  })

  it('are read at the first question, once, and popular ports need no file', () => {
    const { names, asked } = namesFrom(FILES)
    expect(names.popular('tcp').length).toBeGreaterThan(1000)
    expect(asked).toEqual([])
    expect(names.nameOf(22, 'tcp')).toBe('ssh')
    expect(names.nameOf(23, 'tcp')).toBe('telnet')
    expect(asked).toEqual(['/usr/share/nmap/nmap-services'])
  })

  it('are those of the file that the user names, and only those', () => {
    const { names, asked } = namesFrom({ ...FILES, '/my/services': 'mine 22/tcp\n' }, '/my/services')
    expect(names.nameOf(22, 'tcp')).toBe('mine')
    expect(names.known('tcp')).toEqual([22])
    expect(asked).toEqual(['/my/services'])
  })

  it('tell at once that this file is not there', () => {
    const fault = new LocalFault('ENOENT', 'cannot read /nowhere: no such file')
    expect(() => namesFrom(FILES, '/nowhere')).toThrow(fault)
  })

  it('without nmap are those of /etc/services, completed by the registry of the IANA', () => {
    const { names, asked } = namesFrom({ '/etc/services': 'mine 22/tcp alias\nhigh 47000/tcp\nssh 22/udp\n' })
    expect(names.nameOf(22, 'tcp')).toBe('mine')
    expect(names.nameOf(443, 'tcp')).toBe('https')
    expect(names.nameOf(8080, 'tcp')).toBe('http-alt')
    expect(names.nameOf(61_999, 'tcp')).toBeUndefined()
    expect(asked).toEqual([
      '/usr/share/nmap/nmap-services',
      '/usr/local/share/nmap/nmap-services',
      '/etc/services',
    ])
    const known = names.known('tcp')
    expect([22, 443, 47_000].every((port) => known.includes(port))).toBe(true)
    expect(known).toEqual([...known].sort((a, b) => a - b))
    expect(names.portsNamed('min?', 'tcp')).toEqual([22])
    expect(names.portsNamed('alias', 'tcp')).toEqual([22])
    expect(names.portsNamed('www', 'tcp')).toEqual([80])
    expect(names.portsNamed('nosuchname', 'tcp')).toEqual([])
  })

  it('do not stop a scan when a file may not be read', () => {
    const names = createPortNames((path) => {
      throw new LocalFault('EACCES', `cannot read ${path}`)
    })
    expect(names.nameOf(22, 'tcp')).toBe('ssh')
  })
})
