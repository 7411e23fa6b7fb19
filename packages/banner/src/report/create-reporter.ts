import type { Settings } from '../settings.ts'
import type { Reporter } from './reporter.ts'
import { type TextView, textReporter } from './text-reporter.ts'

/** The reporter of the output that is wanted; all but the usual one are loaded when they are asked for. */
export async function createReporter(settings: Settings, view: TextView): Promise<Reporter> {
  switch (settings.output) {
    case 'text':
      return textReporter(settings, view)
    case 'json':
      return (await import('./json-reporter.ts')).jsonReporter(settings)
    case 'csv':
      return (await import('./csv-reporter.ts')).csvReporter(settings)
    case 'url':
      return (await import('./url-reporter.ts')).urlReporter()
  }
}
