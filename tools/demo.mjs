// @ts-check
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closedPort, openPort, stealthPort, webPort } from './demo-ports.mjs'
import { closingLine } from './tally.mjs'

const PROBES = 3

/** What a port does, how it is made, and the word that every probe's line must begin with. */
const SCENES = /** @type {const} */ ([
  { word: 'open', make: openPort, about: 'something listens here' },
  { word: 'closed', make: closedPort, about: 'nothing listens here: the system refuses' },
  { word: 'stealth', make: stealthPort, about: 'no answer at all, as behind a firewall that drops packets' },
])

/** How portscan calls them. */
const STATES = /** @type {const} */ ({ open: 'open', closed: 'closed', stealth: 'filtered' })

/**
 * Opens an open, a closed and a stealth port on loopback, probes each with tcping and prints what it says; asks all three
 * with portscan, and a port with banner what speaks there. The last line counts what was as expected.
 * @param {ReadonlyMap<string, string>} tools command -> file
 */
export async function demo(tools) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const scene of SCENES) counts[await play(scene, fileOf(tools, 'tcping'))] += 1
  counts[await scanAll(fileOf(tools, 'portscan'))] += 1
  counts[await askWhatSpeaks(fileOf(tools, 'banner'))] += 1
  process.stdout.write(closingLine(counts))
  process.exitCode = counts.failed === 0 ? 0 : 1
}

/**
 * @param {ReadonlyMap<string, string>} tools
 * @param {string} command
 */
function fileOf(tools, command) {
  const file = tools.get(command)
  if (file === undefined) throw new Error(`${command} is not among the packages`)
  return file
}

/**
 * By connections, as everybody may; the stealth port is left out where there is none.
 * @param {string} file portscan's
 * @returns {Promise<'passed' | 'failed'>}
 */
async function scanAll(file) {
  /** @type {Map<number, string>} */
  const states = new Map()
  const made = []
  for (const { word, make } of SCENES) {
    const one = await make()
    if (one === undefined) continue
    made.push(one)
    states.set(one.port, STATES[word])
  }
  try {
    const args = ['-sT', '-n', '--reason', '-p', [...states.keys()].join(','), '127.0.0.1']
    process.stdout.write(`# all of them at once\n$ portscan ${args.join(' ')}\n`)
    const asExpected = hasStates(await shown(file, args), states)
    process.stdout.write(asExpected ? '\n' : `# expected ${[...states.values()].join(', ')}\n\n`)
    return asExpected ? 'passed' : 'failed'
  } finally {
    for (const one of made) one.close()
  }
}

/**
 * @param {string} file banner's
 * @returns {Promise<'passed' | 'failed'>}
 */
async function askWhatSpeaks(file) {
  const made = await webPort()
  try {
    const args = ['127.0.0.1', `${made.port}`]
    process.stdout.write(`# and what speaks there?\n$ banner ${args.join(' ')}\n`)
    const asExpected = saysWeb(await shown(file, args))
    process.stdout.write(asExpected ? '\n' : '# expected the page of a web server\n\n')
    return asExpected ? 'passed' : 'failed'
  } finally {
    made.close()
  }
}

/**
 * @param {(typeof SCENES)[number]} scene
 * @param {string} file
 * @returns {Promise<'passed' | 'failed' | 'skipped'>}
 */
async function play({ word, make, about }, file) {
  const made = await make()
  if (made === undefined) {
    process.stdout.write(`# ${word}: skipped, this system answers in spite of a full accept queue\n\n`)
    return 'skipped'
  }
  try {
    const args = ['-c', `${PROBES}`, '-i', '0.2', '127.0.0.1', `${made.port}`]
    process.stdout.write(`# ${word}: ${about}\n$ tcping ${args.join(' ')}\n`)
    const output = await shown(file, args)
    const asExpected = allSay(output, word)
    process.stdout.write(asExpected ? '\n' : `# expected ${PROBES} probes to say "${word}"\n\n`)
    return asExpected ? 'passed' : 'failed'
  } finally {
    made.close()
  }
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<string>} what the tool wrote to stdout, which was passed on as it came
 */
async function shown(file, args) {
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part) => {
    text += part
    process.stdout.write(part)
  })
  await once(child, 'close')
  return text
}

/**
 * @param {string} output
 * @param {string} word
 */
export function allSay(output, word) {
  const verdicts = output.match(/^(open|closed|stealth|unreachable)(?= .*\bseq=)/gm) ?? []
  return verdicts.length === PROBES && verdicts.every((verdict) => verdict === word)
}

/** @param {string} output */
export function saysWeb(output) {
  return /^\d+\/tcp +open +http +200 OK "A page on loopback" +\[probe\]\n$/.test(output)
}

/**
 * @param {string} output
 * @param {ReadonlyMap<number, string>} states by port
 */
export function hasStates(output, states) {
  const rows = [...output.matchAll(/^(\d+)\/tcp +(\S+)/gm)]
  return rows.length === states.size && rows.every(([, port, state]) => states.get(Number(port)) === state)
}
