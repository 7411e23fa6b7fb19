#!/usr/bin/env node
import { createIo, main, nodeHost } from '@portkit/core'
import { npingTs } from './cli.ts'

declare const PORTKIT_VERSION: string

void main(npingTs(PORTKIT_VERSION), { version: PORTKIT_VERSION, createIo }, nodeHost)
