import type { OptionTable } from '@portkit/core'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { DEFINITION } from '../src/command-line/definition.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { readSettings } from '../src/command-line/read-settings.ts'

/** All options, without their own types. */
export const TABLE: OptionTable = OPTIONS

/** Stands for the ports of /etc/services. */
export const KNOWN: readonly number[] = [7, 22, 80]

const KIT = commandLineKit(DEFINITION, (args) => readSettings(args, () => KNOWN))

export const { run, settingsOf } = KIT

/** What is said about a command line that makes no sense, without the name of the tool. */
export async function complaintAbout(...argv: readonly string[]): Promise<string> {
  return (await KIT.complaintAbout(...argv)).replace('hping-ts: ', '')
}
