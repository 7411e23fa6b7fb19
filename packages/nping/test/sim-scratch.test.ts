import { it } from 'vitest'
import { run, shotsOf, PLAIN } from './sim-kit.ts'
const W = { ...PLAIN, hops: { '10.0.9.9': [{address:'10.0.0.254'},{},{address:'10.0.2.1'}] }, ports: {...PLAIN.ports, '10.0.9.9:80': {does:'accept', afterMs: 1} as const, '[fd00::2]:22': {does:'accept', afterMs:0.2} as const} , machines: {'10.0.0.7': {isAbsent: true}}}
it.each([
 '--tcp -p 22-24 -c 2 10.0.0.2 db.lan',
 '--tcp -p 22 -c 2 --rtt -v 10.0.0.2',
 '--tcp --flags fin -p 22-24 -c 1 10.0.0.2',
 '--tcp-connect -p 22-24 -c 2 db.lan',
 '--udp -p 53,69,70 -c 2 --delay 100ms 10.0.0.2',
 '--udp --unprivileged -p 53,69,70 -c 1 --delay 100ms 10.0.0.2',
 '--icmp -c 2 10.0.0.2 fd00::2',
 '--icmp --icmp-type timestamp -c 1 10.0.0.2',
 '--arp -c 1 10.0.0.2 10.0.0.7',
 '--arp -c 1 fd00::2',
 '--tcp --tr -p 80 10.0.9.9',
 '--tcp --tr -p 80,81 -c 5 10.0.9.9 10.0.0.2 --delay 10ms',
 '10.0.0.2 -c 1',
 '--tcp -p 22 fd00::2 -c 1 --rtt',
 '--tcp -p 22 10.0.0.2 -c 1 -N',
 '--tcp -p 22 10.0.0.2 -c 1 --mtu 24 --data-length 30',
 '--udp -p 22 10.0.0.2 -c 1 -v4 --data-string hello',
 '--tcp -p 22-60 10.0.0.2 -c 1 --delay 1ms -q',
])('%s', async (c) => { const r = await run(c, W); console.log('$ '+c+'\n'+r.stdout+'!'+r.stderr+'?'+r.status+' '+r.tookMs+'ms open '+r.io.packets.channels()+' sleepers '+r.io.clock.sleepers(), JSON.stringify(shotsOf(r.io).map(s=>[s.atMs,s.destination,s.port,s.ttl].join(' ')).slice(0,14)))})
