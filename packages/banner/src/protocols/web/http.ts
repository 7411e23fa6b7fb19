import type { Protocol } from '../../model/protocol.ts'
import { askHttp } from './http-ask.ts'
import { httpMessage } from './http-message.ts'
import { request } from './http-request.ts'
import { httpService } from './http-service.ts'

/** HTTP/1 (RFC 9110, RFC 9112), by its status line; also what speaks it in front of something else. */
export const http: Protocol = {
  name: 'http',
  ports: {
    tcp: [
      80, 81, 591, 631, 2375, 2379, 3000, 3128, 4200, 5000, 5173, 5601, 5800, 5984, 5985, 7001, 7474, 8000,
      8008, 8069, 8080, 8081, 8082, 8086, 8088, 8096, 8123, 8161, 8181, 8200, 8404, 8500, 8888, 8983, 9000,
      9090, 9091, 9093, 9200, 10_000, 15_672, 32_400,
    ],
  },
  tlsPorts: [443, 832, 2376, 4443, 5001, 5986, 6443, 7443, 8006, 8443, 8834, 9443, 10_250, 10_443],
  probe: (context) => request('/', context),
  detect(octets, { transport, ended, port, secure }) {
    if (transport === 'udp') return undefined
    const message = httpMessage(octets, ended)
    return message === undefined || message === 'more'
      ? message
      : httpService(message.value, { port, secure })
  },
  ask: askHttp,
}
