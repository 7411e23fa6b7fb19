import { describe, expect, it } from 'vitest'
import { isFalseVersion, isRight, namedByBanner, namedByNmap, upstreamOf } from '../src/service-names.mjs'

const port = (number: number, service: string) =>
  `<port protocol="tcp" portid="${number}"><state state="open" reason="syn-ack"/>${service}</port>`

describe('what nmap names', () => {
  it('is read from its XML, in our words', () => {
    const xml = [
      port(22, '<service name="ssh" product="OpenSSH" version="9.2p1 Debian 2" method="probed" conf="10"/>'),
      port(
        445,
        '<service name="netbios-ssn" product="Samba smbd" version="4.6.2" method="probed" conf="10">',
      ),
      port(443, '<service name="http" product="A&amp;B &lt;1&gt;" tunnel="ssl" method="probed" conf="10"/>'),
      port(1883, '<service name="mosquitto version 2.0.11" method="probed" conf="10"/>'),
    ].join('\n')
    expect([...namedByNmap(xml)]).toEqual([
      [22, { protocol: 'ssh', product: 'OpenSSH', version: '9.2p1 Debian 2' }],
      [445, { protocol: 'smb', product: 'Samba smbd', version: '4.6.2' }],
      [443, { protocol: 'http', product: 'A&B <1>' }],
      [1883, { protocol: 'mqtt', product: 'mosquitto', version: '2.0.11' }],
    ])
  })

  it.each([
    ['a guess from its table of ports', '<service name="ssh" method="table" conf="3"/>'],
    ['a connection that was closed at once', '<service name="tcpwrapped" method="probed" conf="8"/>'],
    ['nothing at all', ''],
  ])('is nothing where it has %s', (_, service) => {
    expect(namedByNmap(port(22, service)).size).toBe(0)
  })
})

it('takes what banner identified, without guesses and without what is null', () => {
  const records = [
    { port: 22, outcome: 'identified', protocol: 'ssh', product: 'OpenSSH', version: '9.2p1' },
    { port: 139, outcome: 'identified', protocol: 'smb', product: null, version: null },
    { port: 9, outcome: 'silent', protocol: null, product: null, version: null, guess: 'discard' },
  ]
  expect([...namedByBanner(records)]).toEqual([
    [22, { protocol: 'ssh', product: 'OpenSSH', version: '9.2p1' }],
    [139, { protocol: 'smb' }],
  ])
})

it.each([
  [{ protocol: 'http', product: 'Apache' }, { protocol: 'http', product: 'Apache httpd' }, true],
  [{ protocol: 'dns', product: 'BIND' }, { protocol: 'dns', product: 'ISC BIND' }, true],
  [
    { protocol: 'mysql', product: 'MariaDB' },
    { protocol: 'mysql', product: 'MySQL', version: '5.5.5-10.11.19-MariaDB-0+deb12u1' },
    true,
  ],
  [{ protocol: 'mysql', product: 'MariaDB' }, { protocol: 'mysql', product: 'MySQL', version: '8.0' }, false],
  [{ protocol: 'smb' }, { protocol: 'smb', product: 'Samba smbd' }, true],
  [{ protocol: 'ssh', product: 'OpenSSH' }, { protocol: 'ssh' }, false],
  [{ protocol: 'ssh', product: 'OpenSSH' }, { protocol: 'ssh', product: 'Dropbear sshd' }, false],
  [{ protocol: 'mysql', product: 'Go' }, { protocol: 'mysql', product: 'MongoDB' }, false],
  [{ protocol: 'postgresql' }, { protocol: 'nagios-nsca', product: 'Nagios NSCA' }, false],
  [{ protocol: 'ssh' }, undefined, false],
])('judges against %j that somebody says %j: %s', (truth, said, right) => {
  expect(isRight(truth, said)).toBe(right)
})

it.each([
  ['9.2p1', '9.2p1', false],
  ['9.2p1 Debian 2+deb12u10', '9.2p1', false],
  ['9.2', '9.2p1', false],
  ['9.18.49-1~deb12u3-Debian', '9.18.49', false],
  ['5.5.5-10.11.19-MariaDB', '10.11.19', false],
  ['4.17', '4.17.12', false],
  ['4.1', '4.17.12', true],
  ['4.6.2', '4.17.12', true],
  ['2.2.X - 2.3.X', '2.5.13', true],
  ['2.2.X - 2.5.X', '2.5.13', false],
  ['3.X - 4.X', '4.17.12', false],
  ['9.6.0 or later', '15.14', false],
  ['16 or later', '15.14', true],
])('calls the version %j of a %s false: %s', (version, installed, isFalse) => {
  expect(isFalseVersion({ protocol: 'any', product: 'Some', version }, [installed])).toBe(isFalse)
})

it('takes a version for false when it is that of no package, and one without a product for that of a protocol', () => {
  const said = { protocol: 'imap', product: 'Some', version: '2.3' }
  expect(isFalseVersion(said, ['1.0', '2.3'])).toBe(false)
  expect(isFalseVersion(said, [])).toBe(true)
  expect(isFalseVersion({ protocol: 'rpcbind', version: '2-4' }, ['1.2.6'])).toBe(false)
  expect(isFalseVersion({ protocol: 'imap', product: 'Some' }, [])).toBe(false)
  expect(isFalseVersion(undefined, ['1.0'])).toBe(false)
})

it.each([
  ['2:4.17.12+dfsg-0+deb12u1', '4.17.12'],
  ['1:9.2p1-2+deb12u10', '9.2p1'],
  ['15+248', '15'],
  ['0.12.3-1', '0.12.3'],
])('knows upstream’s version in %s: %s', (version, upstream) => {
  expect(upstreamOf(version)).toBe(upstream)
})
