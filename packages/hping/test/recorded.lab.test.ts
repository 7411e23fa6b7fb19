import { join } from 'node:path'
import { describeRecorded } from '@portkit/lab/recorded'
import { HPING } from './recorded-kit.ts'

describeRecorded(HPING, join(import.meta.dirname, '..'), 'hping-ts')
