import { createLab } from '../src/lab.mjs'

/** Makes a lab with a program in it that ignores signals, says its ID, and ends in the way it is told: see cleanup.lab.test.ts. */

const lab = await createLab()
await lab.spawn('sh', ['-c', 'trap "" TERM INT HUP; echo ready; while :; do sleep 1; done']).until(/ready/)
process.stdout.write(`up ${lab.id}\n`)
const way = process.argv[2]
if (way === 'exit') process.exit(3)
if (way === 'throw') throw new Error('as asked')
setInterval(() => {}, 1000)
