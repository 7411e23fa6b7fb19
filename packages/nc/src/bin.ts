#!/usr/bin/env node
import { createIo, main, nodeHost } from '@portkit/core'
import { ncTs } from './cli.ts'
import { nameOf } from './name.ts'

declare const PORTKIT_VERSION: string

void main(ncTs(nameOf(process.argv[1])), { version: PORTKIT_VERSION, createIo }, nodeHost)
