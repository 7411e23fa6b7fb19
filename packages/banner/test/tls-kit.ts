import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Certificates of the tests are made by it. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

export interface Wanted {
  /** As openssl's `-newkey` and `-pkeyopt` have it. */
  readonly key?: readonly string[]
  /** `/C=AT/CN=db.lan`. */
  readonly subject?: string
  /** Lines of a section of openssl's configuration: `subjectAltName=DNS:db.lan`. */
  readonly extensions?: string
  readonly sections?: string
}

const EC = ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']

/** A self-signed certificate in DER, valid for 30 days from now on. */
export function certificate({ key = EC, subject = '/CN=db.lan', extensions = '', sections = '' }: Wanted) {
  const folder = mkdtempSync(join(tmpdir(), 'portkit-tls-'))
  try {
    const config = join(folder, 'config')
    const lines = ['[req]', 'distinguished_name=name', 'string_mask=utf8only', '[name]']
    writeFileSync(config, [...lines, '[own]', extensions, sections, ''].join('\n'))
    const args = ['req', '-x509', '-config', config, '-extensions', 'own', '-utf8', '-multivalue-rdn']
    const made = execFileSync(
      'openssl',
      [
        ...[...args, '-newkey', ...key, '-nodes', '-days', '30', '-subj', subject],
        ...['-keyout', join(folder, 'key'), '-outform', 'DER'],
      ],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    return new Uint8Array(made)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
