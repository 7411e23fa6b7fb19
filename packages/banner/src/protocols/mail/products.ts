import type { ProductRule } from '../kit/products.ts'

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
