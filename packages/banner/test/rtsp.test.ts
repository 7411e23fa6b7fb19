import { rtsp } from '../src/protocols/talk/rtsp.ts'
import { detectorTests } from './detector-kit.ts'

detectorTests(rtsp, [
  {
    title: 'by what it answers to OPTIONS',
    octets:
      'RTSP/1.0 200 OK\r\nCSeq: 1\r\nServer: GStreamer RTSP server\r\nPublic: OPTIONS, DESCRIBE, SETUP\r\n\r\n',
    service: {
      protocol: 'rtsp',
      info: '200 OK',
      product: 'GStreamer RTSP server',
      details: {
        'rtsp version': '1.0',
        status: 200,
        server: 'GStreamer RTSP server',
        methods: 'OPTIONS, DESCRIBE, SETUP',
      },
      evidence: [{ field: 'rtsp_header.server', text: 'GStreamer RTSP server' }],
    },
  },
  {
    title: 'by what it answers to other protocols',
    octets: 'RTSP/1.0 400 Bad Request\r\n\r\n',
    service: { protocol: 'rtsp', info: '400 Bad Request', details: { 'rtsp version': '1.0', status: 400 } },
  },
  {
    title: 'without a version that was cut off',
    octets: 'RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Digest realm="cam"\r\nServer: DSS/6.0',
    service: {
      protocol: 'rtsp',
      info: '401 Unauthorized',
      details: { 'rtsp version': '1.0', status: 401, 'www-authenticate': 'Digest realm="cam"' },
    },
  },
  {
    title: 'never over UDP',
    octets: 'RTSP/1.0 200 OK\r\n\r\n',
    context: { transport: 'udp' },
    service: undefined,
  },
  { title: 'not by HTTP', octets: 'HTTP/1.0 200 OK\r\n\r\n', service: undefined },
])
