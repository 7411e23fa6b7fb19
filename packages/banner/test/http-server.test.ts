import { describe, expect, it } from 'vitest'
import { type Software, softwareOf } from '../src/protocols/web/http-server.ts'

describe('a Server or User-Agent field', () => {
  it.each<[string, Software]>([
    ['nginx', { product: 'nginx' }],
    ['nginx/1.18.0 (Ubuntu)', { product: 'nginx', version: '1.18.0', os: 'Ubuntu' }],
    ['Apache/2.4.57 (Debian) OpenSSL/3.0.9', { product: 'Apache', version: '2.4.57', os: 'Debian' }],
    [
      'Apache/2.4.6 (Red Hat Enterprise Linux)',
      { product: 'Apache', version: '2.4.6', os: 'Red Hat Enterprise Linux' },
    ],
    ['SimpleHTTP/0.6 Python/3.11.7', { product: 'SimpleHTTP', version: '0.6' }],
    ['WEBrick/1.7.0 (Ruby/3.0.2/2021-07-07)', { product: 'WEBrick', version: '1.7.0' }],
    ['Jetty(9.4.43.v20210629)', { product: 'Jetty', version: '9.4.43.v20210629' }],
    ['\x1b[2J\x1b]0;owned\x07\u202enginx/9.9', {}],
    ["=cmd|' /C calc'!A0", {}],
    ['Oracle HTTP Server', { product: 'Oracle HTTP Server' }],
    ['mitmproxy 9.0.1', { product: 'mitmproxy', version: '9.0.1' }],
    ['GoAhead-Webs PeerSec-MatrixSSL/3.1', { product: 'GoAhead-Webs' }],
    ['Asterisk PBX 18.10.0~dfsg', { product: 'Asterisk PBX', version: '18.10.0~dfsg' }],
    ['FPBX-16.0.40(18.13.0)', { product: 'FPBX', version: '16.0.40' }],
    ['kamailio (5.6.3 (x86_64/linux))', { product: 'kamailio', version: '5.6.3' }],
    ['Virata-EmWeb/R6_2_1', { product: 'Virata-EmWeb', version: 'R6_2_1' }],
    ['Linux/3.10.33 UPnP/1.0 MiniUPnPd/1.9', { product: 'MiniUPnPd', version: '1.9', os: 'Linux 3.10.33' }],
    [
      'Linux, UPnP/1.0, Portable SDK for UPnP devices/1.6.6',
      { product: 'Portable SDK for UPnP devices', version: '1.6.6', os: 'Linux' },
    ],
    ['RomPager/4.07 UPnP/1.0', { product: 'RomPager', version: '4.07' }],
  ])('%s is read as its author meant it', (field, software) => {
    expect(softwareOf(field)).toEqual(software)
  })

  it.each([
    ['example (192.0.2.7)', 'an address'],
    ['example/x', 'a word'],
    ['example (build 1.2)', 'a remark'],
    ['example', 'nothing'],
  ])('%s gives no version, but %s', (field) => {
    expect(softwareOf(field)).toEqual({ product: 'example' })
  })

  it.each(['', '-', '/', '()', '1.2.3'])('%s names nothing', (field) => {
    expect(softwareOf(field)).toEqual({})
  })
})
