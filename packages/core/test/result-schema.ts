import { readFileSync } from 'node:fs'
import Ajv from 'ajv/dist/2020.js'

const schema: unknown = JSON.parse(
  readFileSync(new URL('../schema/result.schema.json', import.meta.url), 'utf8'),
)

/** The schema lets later versions add fields; for tests every field must be a described one. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed)
  if (typeof part !== 'object' || part === null) return part
  const entries = Object.entries(part).map(([key, value]) => [key, closed(value)])
  const extra = 'properties' in part && 'required' in part ? { additionalProperties: false } : {}
  return { ...Object.fromEntries(entries), ...extra }
}

const ajv = new Ajv.Ajv2020({ allErrors: true, allowUnionTypes: true })
const validate = ajv.compile(closed(schema) as object)

export const FITS = 'fits the schema'

/** What keeps a record from being one of the schema's, or `FITS`. */
export function schemaErrors(record: unknown): string {
  return validate(record) ? FITS : ajv.errorsText(validate.errors)
}
