/**
 * Whether a name is what a mask means: `*` stands for any characters, `?` for one. Takes no longer than the product of
 * both lengths, whatever the mask.
 */
export function matchesMask(name: string, mask: string): boolean {
  let at = 0
  let inMask = 0
  // Where to go on when what follows the last star does not fit here.
  let star = -1
  let resume = 0
  while (at < name.length) {
    const wanted = mask[inMask]
    if (wanted === '*') {
      star = inMask
      resume = at
      inMask += 1
    } else if (wanted === '?' || wanted === name[at]) {
      at += 1
      inMask += 1
    } else if (star >= 0) {
      inMask = star + 1
      resume += 1
      at = resume
    } else return false
  }
  return /^\**$/.test(mask.slice(inMask))
}
