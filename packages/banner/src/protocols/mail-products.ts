/** How a product names itself; the first group of the expression, if any, is its version. */
export interface ProductRule {
  readonly product: string
  readonly says: RegExp
}

export interface Named {
  readonly product: string
  readonly version: string | undefined
}

/** Characters that are looked at. */
const MOST = 400

/** The product that a text names, with the version that stands beside it. The first rule that fits counts. */
export function productIn(rules: readonly ProductRule[], text: string): Named | undefined {
  const part = text.slice(0, MOST)
  for (const { product, says } of rules) {
    const match = says.exec(part)
    if (match !== null) return { product, version: match[1] }
  }
  return undefined
}

/** `ngircd-26.1`, `OpenSSH_9.2p1`, `mod_sftp/1.0`: the name before the first separator that a digit follows, and the rest. */
export function splitVersion(software: string): Named | undefined {
  if (!/^[a-z]/i.test(software)) return undefined
  const at = software.search(/[-_/ ]v?\d/i)
  if (at < 0) return { product: software, version: undefined }
  return { product: software.slice(0, at), version: software.slice(at + 1).replace(/^v/i, '') }
}

const SYSTEM =
  /[(/-](Debian|Ubuntu|Raspbian|FreeBSD|NetBSD|OpenBSD|Fedora|CentOS|Rocky|Gentoo|SUSE|Alpine|macOS|Windows)\b/i

/** The system named in brackets or behind a version (`(Debian/GNU)`, `8.15.2/Debian-22`), but not in a host's name. */
export function systemIn(text: string): string | undefined {
  return SYSTEM.exec(text.slice(0, MOST))?.[1]
}

const v = '(\\d[\\w.]*)'

/** Servers of mail in their greetings by SMTP, LMTP, POP3, IMAP and ManageSieve. */
export const MAIL_PRODUCTS: readonly ProductRule[] = [
  { product: 'Postfix', says: /\bPostfix\b(?: \((\d[\w.]*)\))?/ },
  { product: 'Dovecot Pigeonhole', says: /\bDovecot Pigeonhole\b/ },
  { product: 'Dovecot', says: /\bDovecot\b(?: v?(\d[\w.]*))?/ },
  { product: 'Exim', says: /\bExim (\d[\w.]*)/ },
  { product: 'Sendmail', says: /\bSendmail\b(?: (?:AIX[\d.]{1,9}\/)?(\d[\w.]*))?/ },
  { product: 'OpenSMTPD', says: /\bOpenSMTPD\b/ },
  {
    product: 'Microsoft ESMTP MAIL Service',
    says: /\bMicrosoft ESMTP MAIL Service\b(?:, Version: (\d[\w.]*))?/,
  },
  { product: 'Microsoft Exchange', says: /\bMicrosoft Exchange\b/ },
  { product: 'Cyrus', says: new RegExp(`\\bCyrus (?:IMAP4?|POP3|LMTP|NNTP|timsieved)(?: v?${v})?`) },
  { product: 'Courier', says: /\bCourier(?:-IMAP)?\b/ },
  { product: 'Zimbra', says: /\bZimbra (\d[\w.]*)/ },
  { product: 'MDaemon', says: new RegExp(`\\bMDaemon(?: ${v})?`) },
  { product: 'MailEnable', says: new RegExp(`\\bMailEnable Service(?:, Version: ${v})?`) },
  { product: 'Kerio Connect', says: new RegExp(`\\bKerio Connect(?: ${v})?`) },
  { product: 'IceWarp', says: new RegExp(`\\bIceWarp(?: ${v})?`) },
  { product: 'CommuniGate Pro', says: new RegExp(`\\bCommuniGate Pro(?: (?:POP3|IMAP) Server)?(?: ${v})?`) },
  {
    product: 'Domino',
    says: /\b(?:Lotus |IBM |HCL )?(?:Domino|Notes)\b[ \w]{0,30}\bRelease (\d[\w.]*)/,
  },
  { product: 'Haraka', says: new RegExp(`\\bHaraka(?:[ /]${v})?`) },
  { product: 'Apache James', says: /\bJAMES\b/i },
  { product: 'Stalwart', says: /\bStalwart\b/ },
  { product: 'MailHog', says: /\bMailHog\b/ },
  { product: 'Mailpit', says: /\bMailpit\b/ },
  { product: 'Qpopper', says: new RegExp(`\\bQ(?:UALCOMM )?popper\\b(?: \\(version ${v})?`, 'i') },
  { product: 'Mercury Mail', says: new RegExp(`\\bMercury(?:/32)?(?: v?${v})`) },
  { product: 'Google', says: /- gsmtp$/ },
  { product: 'Python SMTP', says: /\bPython SMTP (\d[\w.]*)/ },
]
