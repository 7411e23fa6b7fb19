import { clip } from '../../model/clip.ts'

export interface NamedVersion {
  readonly product: string
  readonly version: string
}

/** A name that begins with a letter, then a version that begins with a digit and has a dot. */
const NAMED = /^([A-Za-z][A-Za-z0-9_.+ ]{0,40}?)[-/ ]v?(\d{1,9}\.[\w.~+-]{0,80})/

/** The product and version in a text that gives both: `dnsmasq-2.90`, `Coturn-4.6.1 'Gorst'`, `unbound 1.17.1`. */
export function namedVersion(text: string): NamedVersion | undefined {
  const [, product, version] = NAMED.exec(clip(text)) ?? []
  return product === undefined || version === undefined ? undefined : { product, version }
}
