import { type Io, LocalFault } from '@portkit/core'

type Files = Pick<Io['system'], 'readText'>

/** Who made the network interface with that hardware address; undefined when not known. */
export type VendorOf = (hardwareAddress: string) => string | undefined

/** Where nmap puts its table; it is never copied. */
const PATHS = ['/usr/share/nmap/nmap-mac-prefixes', '/usr/local/share/nmap/nmap-mac-prefixes'] as const
/** Digits of a prefix, the longest first: the registry sells blocks of three sizes (IEEE MA-S, MA-M, MA-L). */
const LENGTHS = [9, 7, 6] as const
const SHORTEST = 6
const LONGEST_NAME = 200

/** By the table that nmap has installed; of nobody anything where there is none. */
export function systemVendors(files: Files): VendorOf {
  for (const path of PATHS) {
    const text = readText(files, path)
    if (text !== undefined) return vendorsIn(text)
  }
  return () => undefined
}

/** A table that may not be read is as good as none. */
function readText(files: Files, path: string): string | undefined {
  try {
    return files.readText(path)
  } catch (error) {
    if (error instanceof LocalFault) return undefined
    throw error
  }
}

/** Lines as `00005E ICANN, IANA Department`. The text is looked through once for each prefix, which keeps memory small. */
export function vendorsIn(text: string): VendorOf {
  const lines = `\n${text}`
  const unknown = new Set<string>()
  return (hardwareAddress) => {
    const digits = hardwareAddress.replaceAll(/[:-]/g, '').toUpperCase()
    const start = digits.slice(0, SHORTEST)
    if (!/^[\dA-F]{12}$/.test(digits) || unknown.has(start)) return undefined
    const first = lines.indexOf(`\n${start}`)
    if (first >= 0) return longest(lines, first, digits)
    unknown.add(start)
    return undefined
  }
}

/** By the longest prefix that has a line, from the first line on that begins like the shortest. */
function longest(lines: string, first: number, digits: string): string | undefined {
  for (const length of LENGTHS) {
    const prefix = `\n${digits.slice(0, length)} `
    const at = lines.indexOf(prefix, first)
    if (at < 0) continue
    const from = at + prefix.length
    return /^[^\r\n]*/.exec(lines.slice(from, from + LONGEST_NAME))?.[0].trim() || undefined
  }
  return undefined
}
