import { SERVERS, ServersWorld } from '../src/servers-world.mjs'

/** Makes a world with the servers that it is told, says its ID, and waits for its end: see servers.lab.test.ts. */

const world = new ServersWorld(SERVERS.filter(({ name }) => process.argv.includes(name)))
await world.up()
process.stdout.write(`up ${world.id}\n`)
setInterval(() => {}, 1000)
