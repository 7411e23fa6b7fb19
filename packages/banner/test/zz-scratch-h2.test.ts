import { it } from 'vitest'
import { http } from '../src/protocols/http.ts'
import { contextOf, recorded, octetsOf } from './detector-kit.ts'
it('x', () => {
  const seen = new Set<string>()
  for (const r of recorded()) {
    const s = http.detect(r.octets, contextOf({ port: r.port, secure: r.tls }))
    if (s === undefined || s === 'more') continue
    const { evidence, details, ...rest } = s
    const k = r.name + JSON.stringify(rest)
    if (seen.has(k)) continue
    seen.add(k)
    console.log(r.name, r.port, r.probe, JSON.stringify(rest), JSON.stringify(details))
  }
  for (const server of ['Apache/2.4.57 (Debian) OpenSSL/3', 'nginx', 'nginx/1.18.0 (Ubuntu)', 'SimpleHTTP/0.6 Python/3.11.7','Jetty(9.4.43.v20210629)','Microsoft-IIS/10.0','Oracle HTTP Server','mitmproxy 9.0.1','GoAhead-Webs PeerSec-MatrixSSL/3.1','Linux/3.10.33 UPnP/1.0 MiniUPnPd/1.9','Linux, UPnP/1.0, Portable SDK for UPnP devices/1.6.6','RomPager/4.07 UPnP/1.0','CUPS/2.4 IPP/2.1','-','WEBrick/1.7.0 (Ruby/3.0.2/2021-07-07)','Express','PHP/8.2.7','CouchDB/3.3.2 (Erlang OTP/24)','lighttpd/1.4.69','Docker/24.0.5 (linux)','mini_httpd/1.30 26Oct2018','Asterisk PBX 18.10.0~dfsg','kamailio (5.6.3 (x86_64/linux))','FPBX-16.0.40(18.13.0)','Cisco-SIPGateway/IOS-12.x','GStreamer RTSP server','Apache/2.4.6 (Red Hat Enterprise Linux) OpenSSL/1.0.2k-fips','Hipcam RealServer/V1.0','DSS/6.0.3 (Build/526.3; Platform/Linux; Release/Darwin Streaming Server; State/Development; )', 'Microsoft-Windows/10.0 UPnP/1.0 UPnP-Device-Host/1.0','Debian/12 DLNADOC/1.50 UPnP/1.0 MiniDLNA/1.3.0']) {
    const s = http.detect(octetsOf(`HTTP/1.1 200 OK\r\nServer: ${server}\r\nContent-Length: 0\r\n\r\n`), contextOf())
    if (s && s !== 'more') console.log(server, '=>', s.product,'|', s.version,'|', s.os)
  }
})
