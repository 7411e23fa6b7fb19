import { createServices } from '@portkit/core'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { DEFINITION } from '../src/command-line/definition.ts'
import { readSettings } from '../src/command-line/read-settings.ts'

export const { run, settingsOf, complaintAbout } = commandLineKit(DEFINITION, (args) =>
  readSettings(args, createServices()),
)
