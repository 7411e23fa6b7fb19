/**
 * What servers say as soon as somebody connects, and what they answer then, as the real ones do.
 *
 * @typedef {{
 *   readonly protocol: string,
 *   readonly product: string,
 *   readonly version?: string,
 *   readonly greeting: Buffer,
 *   readonly reply: (line: string) => string,
 * }} Greeter `version`: only where the greeting holds it; `reply` to a line without its end, empty for nothing
 */

const CRLF = '\r\n'

/** RFC 4253 section 7.1: the lists of names, as OpenSSH 9.2 sends them. */
const OFFER = [
  'sntrup761x25519-sha512@openssh.com,curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256',
  'rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256,ssh-ed25519',
  'chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr,aes128-gcm@openssh.com',
  'chacha20-poly1305@openssh.com,aes128-ctr,aes256-ctr,aes128-gcm@openssh.com',
  'umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256,hmac-sha1',
  'umac-64-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256,hmac-sha1',
  'none,zlib@openssh.com',
  'none,zlib@openssh.com',
  '',
  '',
]

/** @type {Greeter} */
const ssh = {
  protocol: 'ssh',
  product: 'OpenSSH',
  version: '9.2p1',
  greeting: Buffer.concat([text('SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u7'), keyExchange()]),
  reply: () => '',
}

/** @type {Greeter} */
const smtp = {
  protocol: 'smtp',
  product: 'Postfix',
  greeting: text('220 mail.lab ESMTP Postfix (Debian/GNU)'),
  reply: byVerb(
    {
      EHLO: `250-mail.lab${CRLF}250-PIPELINING${CRLF}250-SIZE 10240000${CRLF}250 SMTPUTF8`,
      QUIT: '221 2.0.0 Bye',
    },
    '502 5.5.2 Error: command not recognized',
  ),
}

/** @type {Greeter} */
const ftp = {
  protocol: 'ftp',
  product: 'vsftpd',
  version: '3.0.3',
  greeting: text('220 (vsFTPd 3.0.3)'),
  reply: byVerb(
    { FEAT: `211-Features:${CRLF} PASV${CRLF} SIZE${CRLF}211 End`, QUIT: '221 Goodbye.' },
    '530 Please login with USER and PASS.',
  ),
}

/** @type {Greeter} */
const pop3 = {
  protocol: 'pop3',
  product: 'Dovecot',
  greeting: text('+OK Dovecot (Debian) ready.'),
  reply: byVerb(
    { CAPA: `+OK${CRLF}CAPA${CRLF}TOP${CRLF}UIDL${CRLF}USER${CRLF}.`, QUIT: '+OK Logging out' },
    '-ERR Unknown command.',
  ),
}

/** @type {Greeter} */
const imap = {
  protocol: 'imap',
  product: 'Dovecot',
  greeting: text('* OK [CAPABILITY IMAP4rev1 SASL-IR LITERAL+ AUTH=PLAIN] Dovecot (Debian) ready.'),
  reply(line) {
    const [tag = '*', command = ''] = line.split(' ')
    switch (command) {
      case 'CAPABILITY':
        return `* CAPABILITY IMAP4rev1 SASL-IR LITERAL+ AUTH=PLAIN${CRLF}${tag} OK done.${CRLF}`
      case 'LOGOUT':
        return `* BYE Logging out${CRLF}${tag} OK Logout completed.${CRLF}`
      default:
        return `${tag} BAD Error in IMAP command${CRLF}`
    }
  },
}

/** Recorded from MariaDB 10.11.19 of Debian 12. @type {Greeter} */
const mysql = {
  protocol: 'mysql',
  product: 'MariaDB',
  version: '10.11.19',
  greeting: Buffer.from(
    '640000000a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100070000004372344b5b67753900fef7080200ff81' +
      '150000000000001d000000572b6e694661347e4064596d006d7973716c5f6e61746976655f70617373776f726400',
    'hex',
  ),
  reply: () => '',
}

/** By their names. */
export const GREETERS = /** @type {const} */ ({ ssh, smtp, ftp, pop3, imap, mysql })

/** @param {string} line */
function text(line) {
  return Buffer.from(`${line}${CRLF}`)
}

/**
 * @param {Readonly<Record<string, string>>} replies to the first words of lines @param {string} otherwise
 * @returns {Greeter['reply']}
 */
function byVerb(replies, otherwise) {
  return (line) => `${replies[line.split(' ', 1)[0] ?? ''] ?? otherwise}${CRLF}`
}

/** SSH_MSG_KEXINIT in its packet (RFC 4253 sections 6 and 7.1). */
function keyExchange() {
  const lists = OFFER.map((names) => Buffer.concat([length(names.length), Buffer.from(names)]))
  const payload = Buffer.concat([Buffer.from([20]), Buffer.alloc(16, 0x5a), ...lists, Buffer.alloc(5)])
  const padding = 16 - ((5 + payload.length) % 8)
  const head = Buffer.concat([length(1 + payload.length + padding), Buffer.from([padding])])
  return Buffer.concat([head, payload, Buffer.alloc(padding)])
}

/** @param {number} octets */
function length(octets) {
  const field = Buffer.alloc(4)
  field.writeUInt32BE(octets)
  return field
}
