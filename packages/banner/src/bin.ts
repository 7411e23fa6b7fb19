#!/usr/bin/env node
import { createIo, keepMemorySmall, main, nodeHost } from '@portkit/core'
import { banner } from './cli.ts'

declare const PORTKIT_VERSION: string

/** From here on a run counts as one over many ports; a short run needs no such care. */
const LONG_RUN_MS = 250

setTimeout(keepMemorySmall, LONG_RUN_MS).unref()
void main(banner, { version: PORTKIT_VERSION, createIo }, nodeHost)
