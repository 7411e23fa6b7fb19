import { openTun } from './device.mjs'
import { createDueQueue } from './due.mjs'
import { createFarEnd } from './far-end.mjs'
import { createLines } from './lines.mjs'
import { parseConfig } from './rules.mjs'

/**
 * The process behind a TUN device. It runs in one synchronous loop that never returns to Node's event loop: answers
 * leave on the microsecond, and it sleeps in the kernel while nothing is due.
 * Requests: `{ config, keep }` first, later `{ config }`, `{ report: true }` or `{ forget: true }`.
 */

/** The last stretch before a packet is due is waited out awake, because sleepers wake late. */
const AWAKE_NS = 100_000

/** After so many packets taken in, those that are due are seen to. */
const AT_ONCE = 64

const lines = createLines()
const first = lines.next()
const keep = first?.keep === true
try {
  main()
} catch (error) {
  lines.answer({ error: error instanceof Error ? error.message : String(error) })
}

function main() {
  const farEnd = createFarEnd(parseConfig(first?.config))
  const device = openTun()
  const due = createDueQueue()
  lines.answer({ ready: true })
  while (lines.isOpen() || keep) {
    const nextNs = due.nextNs()
    const sleepNs = nextNs === undefined ? undefined : Math.max(0, nextNs - nowNs() - AWAKE_NS)
    const ready = device.wait(sleepNs, lines.isOpen())
    if (ready.device) takeIn(device, farEnd, due)
    sendDue(device, due)
    if (ready.stdin) for (const message of lines.read()) lines.answer(obey(message, farEnd))
  }
}

/**
 * @param {import('./device.mjs').TunDevice} device @param {ReturnType<typeof createFarEnd>} farEnd
 * @param {ReturnType<typeof createDueQueue>} due
 */
function takeIn(device, farEnd, due) {
  for (let taken = 0; taken < AT_ONCE; taken++) {
    const bytes = device.read()
    if (bytes === undefined) return
    const cameNs = nowNs()
    const answer = farEnd.receive(bytes)
    if (answer?.afterNs === 0) device.write(answer.packet)
    else if (answer) due.add({ dueNs: cameNs + answer.afterNs, packet: answer.packet })
  }
}

/** @param {import('./device.mjs').TunDevice} device @param {ReturnType<typeof createDueQueue>} due */
function sendDue(device, due) {
  for (let packet = due.take(nowNs()); packet; packet = due.take(nowNs())) device.write(packet)
}

/** @param {Record<string, unknown>} message @param {ReturnType<typeof createFarEnd>} farEnd */
function obey(message, farEnd) {
  try {
    if (message.report === true) return { seen: farEnd.seen() }
    if (message.forget === true) farEnd.forget()
    else farEnd.configure(parseConfig(message.config))
    return { ready: true }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function nowNs() {
  return Number(process.hrtime.bigint())
}
