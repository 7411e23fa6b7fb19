#!/usr/bin/env node
import { createIo, main, nodeHost } from '@portkit/core'
import { hpingTs } from './cli.ts'

declare const PORTKIT_VERSION: string

void main(hpingTs(), { version: PORTKIT_VERSION, createIo }, nodeHost)
