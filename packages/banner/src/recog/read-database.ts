import { LocalFault } from '@portkit/core'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { clip } from '../model/clip.ts'
import { unescapeXml } from './entities.ts'
import type { Database, Fingerprint, Param } from './fingerprint.ts'
import { rubyPattern } from './ruby-pattern.ts'

/** Recog's own for files that do not say. */
const PREFERENCE = 0.1
/** Params of one fingerprint, and characters of one pattern, at most. */
const MOST_PARAMS = 50
const MOST_PATTERN = 10_000

const OPTIONS = {
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  processEntities: false,
  isArray: (name: string) => name === 'fingerprint' || name === 'param' || name === 'description',
} as const

/** An element as the parser gives it: nothing in it is sure. */
type Element = Readonly<Record<string, unknown>>

/** Reads a file of Recog's form. @throws LocalFault whose message names the file */
export function readDatabase(file: string, name: string, text: string): Database {
  const root = parse(file, text)
  const elements = list(root.fingerprint)
  const fingerprints = elements.map(fingerprintOf).filter((one) => one !== undefined)
  return {
    file,
    matches: attribute(root, 'matches') || name.replace(/\.xml$/i, ''),
    preference: preferenceOf(attribute(root, 'preference')),
    fingerprints,
    unusable: elements.length - fingerprints.length,
  }
}

function parse(file: string, text: string): Element {
  // Entities of a file's own could make much of little.
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) throw bad(file, 'document types are not read')
  let root: unknown
  try {
    const valid = XMLValidator.validate(text)
    if (valid !== true) throw bad(file, `line ${valid.err.line}: ${valid.err.msg}`)
    root = element(new XMLParser(OPTIONS).parse(text))?.fingerprints
  } catch (error) {
    if (error instanceof LocalFault) throw error
    throw bad(file, error instanceof Error ? error.message : String(error))
  }
  // An empty element is a text to the parser.
  if (root === undefined || Array.isArray(root)) throw bad(file, 'its root is not <fingerprints>')
  return element(root) ?? {}
}

function bad(file: string, why: string): LocalFault {
  return new LocalFault('EINVAL', `cannot read ${file}: ${clip(why)}`, 'fingerprints')
}

function preferenceOf(text: string | undefined): number {
  const number = Number(text || PREFERENCE)
  return Number.isFinite(number) ? number : PREFERENCE
}

function fingerprintOf(element: Element): Fingerprint | undefined {
  const source = attribute(element, 'pattern')
  if (source === undefined || source.length > MOST_PATTERN) return undefined
  const pattern = rubyPattern(source, attribute(element, 'flags'))
  if (pattern === undefined) return undefined
  const params = list(element.param).slice(0, MOST_PARAMS).map(paramOf)
  return { description: descriptionOf(element), pattern, params: params.filter((one) => one !== undefined) }
}

function descriptionOf({ description }: Element): string {
  const [first] = Array.isArray(description) ? description : [description]
  return typeof first === 'string' ? clip(unescapeXml(first)) : ''
}

function paramOf(element: Element): Param | undefined {
  const name = attribute(element, 'name')
  const pos = Number(attribute(element, 'pos') ?? 'none')
  if (name === undefined || !Number.isInteger(pos) || pos < 0) return undefined
  return { pos, name, value: attribute(element, 'value') ?? '' }
}

function list(some: unknown): readonly Element[] {
  return Array.isArray(some) ? some.map((one) => element(one) ?? {}) : []
}

function element(some: unknown): Element | undefined {
  return typeof some === 'object' && some !== null ? (some as Element) : undefined
}

function attribute(element: Element, name: string): string | undefined {
  const value = element[`@${name}`]
  return typeof value === 'string' ? unescapeXml(value) : undefined
}
