import { ResultFault } from './read-fault.ts'

/** A JSON object whose fields are asked for by their kind. @throws ResultFault for another kind */
export interface Fields {
  text(key: string): string
  /** undefined for null, and when it is left out. */
  optionalText(key: string): string | undefined
  /** Finite. */
  number(key: string): number
  /** A whole number from 0 to `most`; null counts as 0. */
  count(key: string, most?: number): number
  flag(key: string): boolean
  /** Milliseconds since 1970 of an ISO 8601 time in UTC. */
  timeMs(key: string): number
  object(key: string): Fields
  /** undefined for null, and when it is left out. */
  optionalObject(key: string): Fields | undefined
  /** Its objects, made one by one. */
  list(key: string): Iterable<Fields>
  texts(key: string): readonly string[]
}

export function fieldsOf(value: unknown): Fields {
  if (!isObject(value)) throw new ResultFault('a record is no object')
  const at = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined)
  const checked = <T>(key: string, isRight: (field: unknown) => field is T): T => {
    const field = at(key)
    if (!isRight(field)) throw new ResultFault(`a record's ${key} is not what it should be`)
    return field
  }
  const list = (key: string): readonly unknown[] => checked(key, Array.isArray)
  return {
    text: (key) => checked(key, isText),
    optionalText: (key) => (at(key) === undefined || at(key) === null ? undefined : checked(key, isText)),
    number: (key) => checked(key, isNumber),
    count(key, most = Number.MAX_SAFE_INTEGER) {
      return at(key) === null ? 0 : checked(key, (field): field is number => isCount(field) && field <= most)
    },
    flag: (key) => checked(key, (field) => typeof field === 'boolean'),
    timeMs: (key) => isoMs(checked(key, isIso)),
    object: (key) => fieldsOf(checked(key, isObject)),
    optionalObject: (key) =>
      at(key) === undefined || at(key) === null ? undefined : fieldsOf(checked(key, isObject)),
    list: (key) => eachOf(list(key)),
    texts(key) {
      const texts = list(key)
      if (!texts.every(isText)) throw new ResultFault(`a record's ${key} are no texts`)
      return texts
    },
  }
}

function* eachOf(values: readonly unknown[]): Generator<Fields> {
  for (const value of values) yield fieldsOf(value)
}

function isObject(field: unknown): field is Readonly<Record<string, unknown>> {
  return typeof field === 'object' && field !== null && !Array.isArray(field)
}

function isText(field: unknown): field is string {
  return typeof field === 'string'
}

function isNumber(field: unknown): field is number {
  return typeof field === 'number' && Number.isFinite(field)
}

function isCount(field: unknown): field is number {
  return isNumber(field) && Number.isInteger(field) && field >= 0
}

function isIso(field: unknown): field is string {
  return isText(field) && ISO.test(field)
}

const ISO = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z$/

/** Days of the Gregorian calendar since 1970: years begin in March, so that leap days come last. */
function isoMs(text: string): number {
  const [, year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = (
    ISO.exec(text) ?? []
  ).map(Number)
  const y = month < 3 ? year - 1 : year
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  const sinceMarch = Math.floor((((month + 9) % 12) * 153 + 2) / 5)
  const days = 365 * y + leaps + sinceMarch + day - 719_469
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + ms
}
