#!/usr/bin/env node
import { createIo, main, nodeHost } from '@portkit/core'
import { banner } from './cli.ts'

declare const PORTKIT_VERSION: string

void main(banner, { version: PORTKIT_VERSION, createIo }, nodeHost)
