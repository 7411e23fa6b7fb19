import { parseArgs } from 'node:util'

/**
 * @typedef {import('./plan.mjs').Role} Role
 * @typedef {{
 *   readonly verb: 'up' | 'down' | 'exec' | 'list',
 *   readonly name: string,
 *   readonly routed: boolean,
 *   readonly as: Role,
 *   readonly command: readonly string[],
 * }} Wish
 */

export const USAGE = `usage: pnpm lab up [--routed] [--name N]
       pnpm lab down [--name N]
       pnpm lab exec [--name N] [--as probe|router|target] -- COMMAND
       pnpm lab list
`

/** The command line makes no sense. */
export class UsageError extends Error {}

const NAME = /** @type {const} */ ({ name: { type: 'string', default: 'default' } })

/** Which options a command takes. @type {Readonly<Record<Wish['verb'], import('node:util').ParseArgsConfig['options']>>} */
const TAKES = {
  up: { ...NAME, routed: { type: 'boolean' } },
  down: NAME,
  exec: { ...NAME, as: { type: 'string', default: 'probe' } },
  list: {},
}

/** @param {readonly string[]} args what stands behind `pnpm lab` @returns {Wish} @throws {UsageError} */
export function parseWish([verb = '', ...args]) {
  if (!isVerb(verb)) throw new UsageError(verb === '' ? 'say what to do' : `no such command: ${verb}`)
  const [own, command] = verb === 'exec' ? splitCommand(args) : [args, []]
  const { name = 'default', routed = false, as = 'probe' } = parse(verb, own)
  if (verb === 'exec' && command.length === 0) throw new UsageError('exec needs a command')
  return { verb, name: String(name), routed: routed === true, as: roleOf(as), command }
}

/** @param {Wish['verb']} verb @param {readonly string[]} args */
function parse(verb, args) {
  try {
    return parseArgs({ args: [...args], options: TAKES[verb] ?? {} }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/**
 * The command begins behind `--`, or with the first word that is neither an option nor an option's value.
 * @param {readonly string[]} args @returns {readonly [readonly string[], readonly string[]]}
 */
function splitCommand(args) {
  let at = 0
  while (at < args.length && args[at] !== '--' && args[at]?.startsWith('--'))
    at += args[at]?.includes('=') ? 1 : 2
  return [args.slice(0, at), args.slice(args[at] === '--' ? at + 1 : at)]
}

/** @param {string} verb @returns {verb is Wish['verb']} */
function isVerb(verb) {
  return Object.hasOwn(TAKES, verb)
}

/** @param {unknown} text @returns {Role} */
function roleOf(text) {
  if (text === 'probe' || text === 'router' || text === 'target') return text
  throw new UsageError(`--as takes probe, router or target, not ${text}`)
}
