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
 * @property {string} detail what failed, in full, or why it was skipped; empty when it passed at its first try
 * @property {true} [secondTry] passed, but not at first
 * @property {string} [file] the test file that it is of, if of any
 * @property {true} [around] a hook, a whole file or an error outside any test, which counts only when it failed
 */

/**
 * @param {readonly Outcome[]} outcomes
 * @returns {Counts}
 */
export function tally(outcomes) {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { state, around } of outcomes) counts[state] += around && state === 'passed' ? 0 : 1
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
 * What `npm test` says at its end.
 * @param {readonly Outcome[]} outcomes
 * @param {string} coverage what else is to be told
 */
export function closingText(outcomes, coverage) {
  const told = [failureText(outcomes), skipText(outcomes), secondTryText(outcomes), coverage]
  return `${told.join('')}\n${closingLine(tally(outcomes))}`
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

/**
 * Every test that passed but failed before, with what failed then: it counts as passed, and is a bug all the same.
 * @param {readonly Outcome[]} outcomes
 */
function secondTryText(outcomes) {
  const again = outcomes.filter(({ secondTry }) => secondTry)
  if (again.length === 0) return ''
  const each = again.map(({ name, detail }) => `  ${name}\n${indent(indent(detail))}\n`)
  return `\npassed at the second try (${again.length}):\n${each.join('')}`
}

/** @param {string} text */
function indent(text) {
  return text.trimEnd().replace(/^(?=.)/gm, '  ')
}
