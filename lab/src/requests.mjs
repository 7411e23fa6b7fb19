import { createInterface } from 'node:readline'

/**
 * The helper's side of `puppet.mjs`, for helpers that live in Node's event loop: answers every line of stdin by a line
 * on stdout, in order. Ends this process when stdin ends, unless `handle` was told to keep going.
 * @param {(message: Record<string, unknown>) => Promise<object>} handle
 */
export async function serveRequests(handle) {
  let keep = false
  for await (const line of createInterface({ input: process.stdin })) {
    const message = JSON.parse(line)
    keep ||= message.keep === true
    const answer = await handle(message).catch((error) => ({ error: String(error?.message ?? error) }))
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  if (!keep) process.exit()
}
