#!/usr/bin/env node
import { createIo, main, nodeHost } from '@portkit/core'
import { tcping } from './cli.ts'

declare const PORTKIT_VERSION: string

void main(tcping(PORTKIT_VERSION), { version: PORTKIT_VERSION, createIo }, nodeHost)
