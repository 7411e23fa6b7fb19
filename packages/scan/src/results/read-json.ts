import type { HostReport } from '../model/host-report.ts'
import type { RunEnd, RunInfo } from '../model/scan-result.ts'
import { createLeftOut, type LeftOut } from './read-counts.ts'
import { ResultFault } from './read-fault.ts'
import { type Fields, fieldsOf } from './read-json-fields.ts'
import { hostOf, rowOf } from './read-json-host.ts'
import { endOf, partialHost, runOf } from './read-json-run.ts'
import type { ReadResult } from './read-result.ts'
import { createReadTable, type ReadTable } from './read-table.ts'
import { MOST_HOSTS } from './read-words.ts'

const SCHEMA = 'portkit/1'
/** Characters, of what is in memory as a whole: a host with all ports of both protocols in full has 25 million. */
const LONGEST = 32 * 1024 * 1024
/** Where our documents go on with a host a line. */
const HOSTS = ',"hosts":['

/**
 * Our JSON document, or our NDJSON. Both may end anywhere.
 * @throws ResultFault
 */
export function readJson(text: string): ReadResult {
  const reading = createReading()
  if (/^\s*\{"schema":"[^"]{0,50}","type":"scan",/.test(text.slice(0, 1000))) readDocument(text, reading)
  else if (parsed(firstLine(text)) === undefined) addDocument(parsed(text), reading)
  else for (const line of records(text, 0)) reading.add(line)
  return reading.result()
}

function firstLine(text: string): string {
  const start = text.search(/\S/)
  const end = text.indexOf('\n', start)
  return text.slice(start, end < 0 ? undefined : end)
}

/** A document line by line as we write it, so that one without an end can be read; else as a whole. */
function readDocument(text: string, reading: Reading): void {
  const line = firstLine(text).trimEnd()
  const opening = line.endsWith(HOSTS) ? parsed(`${line.slice(0, -HOSTS.length)}}`) : undefined
  if (opening === undefined) addDocument(parsed(text), reading)
  else {
    reading.add(fieldsOf(opening).object('start'))
    for (const record of records(text, text.indexOf(HOSTS) + HOSTS.length)) reading.add(record)
  }
}

/** A document that somebody has formatted, `jq` for one. */
function addDocument(value: unknown, reading: Reading): void {
  if (value === undefined) throw new ResultFault('its JSON is broken')
  const document = fieldsOf(value)
  checkSchema(document)
  if (document.text('type') !== 'scan') {
    reading.add(document)
    return
  }
  reading.add(document.object('start'))
  for (const host of document.list('hosts')) reading.add(host)
  reading.add(document.object('end'))
}

/** The records of lines, from an offset on; a last line that is not whole is none. */
function* records(text: string, offset: number): Generator<Fields> {
  for (let at = offset; at < text.length; ) {
    const newline = text.indexOf('\n', at)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(at, end).trim()
    at = end + 1
    if (line === '') continue
    const value = parsed(recordIn(line))
    if (value !== undefined) yield fieldsOf(value)
    else if (newline >= 0)
      throw new ResultFault(`its JSON is broken in the line ${line.slice(0, 20).replace(/[^ -~]/g, '?')}`)
  }
}

/** In documents hosts have commas behind them, and the end is the document's. */
function recordIn(line: string): string {
  if (line.startsWith('],"end":') && line.endsWith('}}')) return line.slice('],"end":'.length, -1)
  return line.endsWith(',') ? line.slice(0, -1) : line
}

/** undefined when it is broken. @throws ResultFault when it is longer than records are */
function parsed(text: string): unknown {
  if (text.length > LONGEST) throw new ResultFault('a record is longer than records are')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function checkSchema(record: Fields): void {
  const schema = record.text('schema')
  if (schema !== SCHEMA) throw new ResultFault(`its records are not ${SCHEMA}`)
}

interface Reading {
  add(record: Fields): void
  result(): ReadResult
}

function tooMany(): ResultFault {
  return new ResultFault(`it has more than ${MOST_HOSTS} hosts`)
}

function createReading(): Reading {
  const leftOut: LeftOut = createLeftOut()
  const hosts: HostReport[] = []
  /** Ports of hosts whose record has not come yet. */
  const partial = new Map<string, { readonly first: Fields; readonly table: ReadTable }>()
  let run: RunInfo | undefined
  let end: RunEnd | undefined

  const addPort = (record: Fields): void => {
    const row = rowOf(record, leftOut)
    if (row === undefined) return
    const address = record.text('address')
    const host = partial.get(address) ?? { first: record, table: createReadTable() }
    if (partial.set(address, host).size > MOST_HOSTS) throw tooMany()
    host.table.add({ from: row.port, to: row.port }, row)
  }
  return {
    add(record) {
      checkSchema(record)
      switch (record.text('type')) {
        case 'scan-start':
          if (run !== undefined) throw new ResultFault('it has several scans, one after the other')
          run = runOf(record)
          return
        case 'port':
          return addPort(record)
        case 'host':
          partial.delete(record.text('address'))
          if (hosts.push(hostOf(record, leftOut)) > MOST_HOSTS) throw tooMany()
          return
        case 'scan-end':
          end = endOf(record)
          return
      }
    },
    result() {
      if (run === undefined) throw new ResultFault('it has no scan-start')
      for (const { first, table } of partial.values()) hosts.push(partialHost(first, table.done()))
      return { run, hosts, end, warnings: leftOut.sentences() }
    },
  }
}
