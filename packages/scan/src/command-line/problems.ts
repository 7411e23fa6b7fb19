import {
  CommandLineProblem,
  type ExpectedError,
  escapeControl,
  ResolveError,
  UsageError,
} from '@portkit/core'

/** For scans that send packets, where that is not allowed. */
export function needsRoot(): UsageError {
  return new UsageError('You requested a scan type which requires root privileges.')
}

/**
 * What is said about an error, in nmap's words, since scripts look for them: the shape of the command line in
 * getopt_long(3)'s, files that cannot be opened by a sentence, everything else by its sentence and `QUITTING!`.
 * @param tool the command, which is named where options are not understood
 */
export function complaint(error: ExpectedError, tool = 'portscan'): string {
  if (error instanceof CommandLineProblem) {
    return `${tool}: ${escapeControl(shapeProblem(error))}\nSee the output of ${tool} -h for a summary of options.\n`
  }
  if (error instanceof ResolveError) return `Failed to resolve "${escapeControl(error.host)}".\nQUITTING!\n`
  const quits = /^Failed to open .* for (?:reading|writing): /.test(error.message) ? '' : 'QUITTING!\n'
  return `${escapeControl(error.message)}\n${quits}`
}

/** GNU getopt's sentences, as nmap 7.93 prints them; with what was probably meant. */
function shapeProblem({ fault }: CommandLineProblem): string {
  switch (fault.kind) {
    case 'unknown-letter':
      return `unrecognized option '${fault.word}'`
    case 'unknown-name': {
      const hint = fault.nearest === undefined ? '' : `; did you mean ${fault.nearest}?`
      return `unrecognized option '${fault.name}'${hint}`
    }
    case 'ambiguous': {
      const candidates = fault.candidates.map((name) => `'${name}'`).join(' ')
      return `option '${fault.name}' is ambiguous; possibilities: ${candidates}`
    }
    case 'needs-value': {
      const letter = /^-[^-]$/.test(fault.name)
      return letter
        ? `option requires an argument -- '${fault.name.slice(1)}'`
        : `option '${fault.name}' requires an argument`
    }
    case 'takes-no-value':
      return `option '${fault.name}' doesn't allow an argument`
  }
}
