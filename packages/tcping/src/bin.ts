#!/usr/bin/env node
import { createIo, keepMemorySmall, main, nodeHost } from '@portkit/core'
import { tcping } from './cli.ts'

declare const PORTKIT_VERSION: string

/** From here on a run counts as a long one; a short run needs no such care. */
const LONG_RUN_MS = 1000

setTimeout(keepMemorySmall, LONG_RUN_MS).unref()
void main(tcping(PORTKIT_VERSION), { version: PORTKIT_VERSION, createIo }, nodeHost)
