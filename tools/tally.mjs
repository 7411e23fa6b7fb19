// @ts-check

/**
 * @typedef {'passed' | 'failed' | 'skipped'} State
 * @typedef {Record<State, number>} Counts
 */

/**
 * One check or one test that was to be run.
 * @typedef {object} Outcome
 * @property {string} name
 * @property {State} state
 * @property {string} detail what failed, in full, or why it was skipped; empty when it passed
 */

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Counts}
 */
export function tally(outcomes) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { state } of outcomes) counts[state] += 1
  return counts
}

/**
 * The plain line that both `npm start` and `npm test` end with.
 * @param {Counts} counts
 */
export function closingLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped\n`
}

/**
 * @param {string} part e.g. 'biome' or 'unit tests'
 * @param {readonly Outcome[]} outcomes
 * @param {number} ms how long the part took
 */
export function partLine(part, outcomes, ms) {
  const { passed, failed, skipped } = tally(outcomes)
  const mark = failed > 0 ? 'FAIL' : skipped > 0 ? 'part' : 'ok'
  const counts = outcomes.length === 1 ? '' : `${passed} passed, ${failed} failed, ${skipped} skipped`
  return `${`${mark.padEnd(5)}${part.padEnd(24)}${counts.padEnd(40)}`}${(ms / 1000).toFixed(1).padStart(7)} s\n`
}

/**
 * Every failure with all that is known about it.
 * @param {readonly Outcome[]} outcomes
 */
export function failureText(outcomes) {
  return outcomes
    .filter(({ state }) => state === 'failed')
    .map(({ name, detail }) => `\nFAIL ${name}\n${indent(detail)}\n`)
    .join('')
}

/**
 * Every skipped test by name, below the reason that it shares with others.
 * @param {readonly Outcome[]} outcomes
 */
export function skipText(outcomes) {
  const byReason = new Map()
  for (const { name, state, detail } of outcomes) {
    if (state === 'skipped') byReason.set(detail, [...(byReason.get(detail) ?? []), name])
  }
  return [...byReason]
    .map(([reason, names]) => `\n${names.length} skipped: ${reason}\n${indent(names.join('\n'))}\n`)
    .join('')
}

/** @param {string} text */
function indent(text) {
  return text.trimEnd().replace(/^(?=.)/gm, '  ')
}
