/** What `-o help` shows: the bits of RFC 1349 section 4, and code points of RFC 2597, RFC 3246 and RFC 8622. */
export const TOS_HELP = `Type of service (-o takes hexadecimal numbers):

  HEX  MEANING                        USUALLY FOR
   10  low delay                      telnet, interactive ssh
   08  high throughput                data of ftp, backups
   04  high reliability               snmp
   02  low cost                       nntp

Today the upper six bits are a code point (DSCP) and the lower two are for congestion (ECN):

   04  lower effort                   what may wait
   28  assured forwarding 11          bulk data
   88  assured forwarding 41          video calls
   b8  expedited forwarding           voice
   c0  class 6                        routing protocols
`
