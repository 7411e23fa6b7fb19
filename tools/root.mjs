// @ts-check
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's folder, absolute, without a slash at its end. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)))
