import { type Named, type ProductRule, productIn } from '../kit/products.ts'

const version = '(\\d[\\w.]*)'

/** FTP servers as their greetings name them. */
const RULES: readonly ProductRule[] = [
  { product: 'vsftpd', says: new RegExp(`\\bvsFTPd(?: ${version})?`, 'i') },
  { product: 'ProFTPD', says: new RegExp(`\\bProFTPD\\b(?: ${version})?`) },
  { product: 'Pure-FTPd', says: /\bPure-FTPd\b/i },
  { product: 'FileZilla Server', says: new RegExp(`\\bFileZilla Server(?: version)?(?: ${version})?`) },
  {
    product: 'Microsoft FTP Service',
    says: new RegExp(`\\bMicrosoft FTP Service(?: \\(Version ${version}\\))?`),
  },
  { product: 'pyftpdlib', says: new RegExp(`\\bpyftpdlib(?: ${version})?`) },
  { product: 'Serv-U', says: new RegExp(`\\bServ-U FTP[- ]Server(?: v?${version})?`) },
  { product: 'bftpd', says: new RegExp(`\\bbftpd(?: ${version})?`) },
  { product: 'inetutils ftpd', says: new RegExp(`\\bGNU inetutils ${version}`) },
  { product: 'linux-ftpd', says: new RegExp(`\\bLinux-ftpd-${version}`) },
  { product: 'tnftpd', says: new RegExp(`\\btnftpd ${version}`) },
  { product: 'MikroTik', says: new RegExp(`\\(MikroTik v?${version}\\)`) },
  { product: 'Twisted', says: new RegExp(`\\bTwisted ${version} FTP Server`) },
  { product: 'Wing FTP Server', says: new RegExp(`\\bWing FTP Server(?: v?${version})?`) },
  { product: 'Xlight FTP Server', says: new RegExp(`\\bXlight FTP Server(?: ${version})?`) },
  { product: 'Cerberus FTP Server', says: /\bCerberus FTP Server\b/ },
  { product: 'CrushFTP', says: /\bCrushFTP\b/ },
  { product: 'Gene6 FTP Server', says: new RegExp(`\\bGene6 FTP Server(?: v${version})?`) },
  { product: 'glFTPd', says: new RegExp(`\\bglFTPd(?: ${version})?`, 'i') },
  { product: 'NcFTPd', says: /\bNcFTPd Server\b/ },
  { product: 'WU-FTPD', says: new RegExp(`\\(Version wu-${version}`) },
  { product: 'Titan FTP Server', says: new RegExp(`\\bTitan FTP Server(?: ${version})?`) },
]

/** The server that one of a greeting's lines names. */
export function nameOf(lines: readonly string[]): Named | undefined {
  return productIn(RULES, lines.join('\n'))
}
