#!/usr/bin/env node
import { createIo, nodeHost } from '@portkit/core'
import { plainSettings } from './command-line/plain.ts'
import { connectPorts } from './connect/connect-ports.ts'
import { nameOf } from './name.ts'
import { NAMELESS } from './run.ts'
import type { Settings, Task } from './settings.ts'

declare const PORTKIT_VERSION: string

const options = { version: PORTKIT_VERSION, createIo }
const name = nameOf(process.argv[1])

/** A check that says nothing, unless it is long at it or fails. */
async function check(settings: Settings, task: Extract<Task, { kind: 'connect' }>): Promise<void> {
  const say = ({ text }: { readonly text: string }): Promise<void> =>
    new Promise((resolve) => nodeHost.stderr.write(text, () => resolve()))
  const run = { settings, services: NAMELESS, io: createIo(), say, input: undefined, reads: 0, watch: {} }
  try {
    process.exitCode = await connectPorts(run, task)
  } catch (error) {
    await (await import('./whole.ts')).whole(name, options, { error })
  }
}

const plain = plainSettings(process.argv.slice(2), name)
if (plain?.task.kind === 'connect') void check(plain, plain.task)
else void import('./whole.ts').then(({ whole }) => whole(name, options))
