import { out } from '@portkit/core'
import type { Reporter } from './reporter.ts'
import { urlOf } from './url.ts'

/** One URL a line, for every open port and for no other. */
export function urlReporter(): Reporter {
  return {
    start: () => [],
    found: (finding) => (finding.verdict.state === 'open' ? [out(`${urlOf(finding)}\n`)] : []),
    end: () => [],
  }
}
