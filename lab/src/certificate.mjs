import { run } from './command.mjs'

/** Days that the target's certificate is valid for. */
const CERTIFICATE_DAYS = 30

/**
 * A fresh self-signed certificate for the target's port 443.
 * @param {readonly string[]} addresses
 * @returns {Promise<{ readonly key: string, readonly cert: string }>} PEM
 */
export async function makeCertificate(addresses) {
  const names = ['DNS:target.lab', ...addresses.map((address) => `IP:${address}`)].join(',')
  const { status, stdout, stderr } = await run('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-days', String(CERTIFICATE_DAYS), '-subj', '/CN=target.lab', '-addext', `subjectAltName=${names}`],
    ...['-keyout', '-', '-out', '-'],
  ])
  const key = /-----BEGIN PRIVATE KEY-----[\s\S]*-----END PRIVATE KEY-----/.exec(stdout)?.[0]
  const cert = /-----BEGIN CERTIFICATE-----[\s\S]*-----END CERTIFICATE-----/.exec(stdout)?.[0]
  if (status !== 0 || !key || !cert) throw new Error(`openssl made no certificate: ${stderr.trim()}`)
  return { key, cert }
}
