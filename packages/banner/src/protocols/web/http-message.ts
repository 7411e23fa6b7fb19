import type { Reader } from '../../dialogue/dialogue.ts'
import { bodyOf } from './http-body.ts'
import { type Head, head, MOST_OCTETS } from './http-head.ts'

/** A response, as far as it tells something. */
export interface HttpMessage extends Head {
  /** Octets as characters, without chunks' sizes. */
  readonly body: string
}

const httpHead = head('HTTP')

/** A response of HTTP/1 (RFC 9112), of which only the first octets count. */
export const httpMessage: Reader<HttpMessage> = (octets, ended) => {
  const considered = octets.subarray(0, MOST_OCTETS)
  const isAll = ended || octets.length >= MOST_OCTETS
  const begun = httpHead(considered, isAll)
  if (begun === undefined || begun === 'more') return begun
  const body = bodyOf(begun.value, considered.subarray(begun.length), isAll)
  return body === 'more' ? 'more' : { value: { ...begun.value, body }, length: considered.length }
}
