/** What nc says of names that do not resolve: messages for `complaint`. */

/** A name to connect to did not resolve; `port` as it was given. */
export function lookUpFailed(host: string, port: number | string, why: string): string {
  return `getaddrinfo for host "${host}" port ${port}: ${why}`
}

/** The name or port of `-s`, `-p` or `-l` did not resolve. */
export function ownLookUpFailed(why: string): string {
  return `getaddrinfo: ${why}`
}

/** What getaddrinfo(3) says of a port that is neither a number nor a service. */
export const BAD_SERVICE = 'Servname not supported for ai_socktype'
