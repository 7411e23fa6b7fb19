import { join } from 'node:path'
import { describeRecorded } from '@portkit/lab/recorded'
import { NPING } from './recorded-kit.ts'

describeRecorded(NPING, join(import.meta.dirname, '..'), 'nping-ts')
