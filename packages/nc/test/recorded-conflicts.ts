/** The letters of the options that were combined; bit 0 of a combination's number is the first one. */
export const COMBINED = 'lkzUuFZxsp'

/** What each mark stands for; `u` is nc's usage, `.` that nc had nothing against it. */
export const MARKS: Readonly<Record<string, string>> = {
  A: 'cannot use -Z and -U',
  B: 'cannot use port with -U',
  C: 'must use -l with -k',
  D: 'missing port number',
  E: 'cannot use -z and -l',
  F: 'no proxy support for UDP mode',
  G: 'no proxy support for DCCP mode',
  H: 'missing socket pathname',
  I: 'cannot use -F and -U',
  J: 'no proxy support for listen',
  K: 'no proxy support for local source address',
  L: 'no proxy support for unix sockets',
}

/**
 * What OpenBSD nc 1.219 (Debian) said first to each of the 1024 combinations of those options, with 0, 1, 2 and 3
 * operands: four marks a combination, by its number. Recorded in an empty network namespace with `-x 127.0.0.1:1`,
 * `-s 127.0.0.1` and `-p 0`.
 */
export const RECORDED = `
  uD..D..uuDCCD..uuD..DEEuuDCCDEEuu.BBH.BuuCBBH.Buu.BBHEBuuCBBHEBuuD..D..uuDCCD..uuD..DEEuuDCCDEEu
  u.BBH.BuuCBBH.Buu.BBHEBuuCBBHEBuuD..D..uuDCCD..uuD..DEEuuDCCDEEuuIBBHIBuuCBBHIBuuIBBHEBuuCBBHEBu
  uD..D..uuDCCD..uuD..DEEuuDCCDEEuuIBBHIBuuCBBHIBuuIBBHEBuuCBBHEBuuD..D..uuDCCD..uuD..DEEuuDCCDEEu
  uAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAuuD..D..uuDCCD..uuD..DEEuuDCCDEEuuAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAu
  uD..D..uuDCCD..uuD..DEEuuDCCDEEuuAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAuuD..D..uuDCCD..uuD..DEEuuDCCDEEu
  uAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAuuD..DJJuuDCCDJJuuD..DEEuuDCCDEEuuLBBHJBuuCBBHJBuuLBBHEBuuCBBHEBu
  uDFFDFFuuDCCDFFuuDFFDEEuuDCCDEEuuFBBHFBuuCBBHFBuuFBBHEBuuCBBHEBuuD..DJJuuDCCDJJuuD..DEEuuDCCDEEu
  uIBBHIBuuCBBHIBuuIBBHEBuuCBBHEBuuDFFDFFuuDCCDFFuuDFFDEEuuDCCDEEuuIBBHIBuuCBBHIBuuIBBHEBuuCBBHEBu
  uDGGDGGuuDCCDGGuuDGGDEEuuDCCDEEuuAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAuuDFFDFFuuDCCDFFuuDFFDEEuuDCCDEEu
  uAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAuuDGGDGGuuDCCDGGuuDGGDEEuuDCCDEEuuAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAu
  uDFFDFFuuDCCDFFuuDFFDEEuuDCCDEEuuAAAAAAuuAAAAAAuuAAAAAAuuAAAAAAuuu..DuuuuuCCDuuuuu..DuuuuuCCDuuu
  uuBB.uuuuuBB.uuuuuBBEuuuuuBBEuuuuu..DuuuuuCCDuuuuu..DuuuuuCCDuuuu.BB.uuuuCBB.uuuu.BBEuuuuCBBEuuu
  uu..DuuuuuCCDuuuuu..DuuuuuCCDuuuuuBBIuuuuuBBIuuuuuBBEuuuuuBBEuuuuu..DuuuuuCCDuuuuu..DuuuuuCCDuuu
  uIBBIuuuuCBBIuuuuIBBEuuuuCBBEuuuuu..DuuuuuCCDuuuuu..DuuuuuCCDuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
  uu..DuuuuuCCDuuuuu..DuuuuuCCDuuuuAAAAuuuuAAAAuuuuAAAAuuuuAAAAuuuuu..DuuuuuCCDuuuuu..DuuuuuCCDuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuu..DuuuuuCCDuuuuu..DuuuuuCCDuuuuAAAAuuuuAAAAuuuuAAAAuuuuAAAAuuu
  uuKKDuuuuuCCDuuuuuKKDuuuuuCCDuuuuuBBJuuuuuBBJuuuuuBBEuuuuuBBEuuuuuFFDuuuuuCCDuuuuuFFDuuuuuCCDuuu
  uFBBFuuuuCBBFuuuuFBBEuuuuCBBEuuuuuKKDuuuuuCCDuuuuuKKDuuuuuCCDuuuuuBBIuuuuuBBIuuuuuBBEuuuuuBBEuuu
  uuFFDuuuuuCCDuuuuuFFDuuuuuCCDuuuuIBBIuuuuCBBIuuuuIBBEuuuuCBBEuuuuuGGDuuuuuCCDuuuuuGGDuuuuuCCDuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuFFDuuuuuCCDuuuuuFFDuuuuuCCDuuuuAAAAuuuuAAAAuuuuAAAAuuuuAAAAuuu
  uuGGDuuuuuCCDuuuuuGGDuuuuuCCDuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuFFDuuuuuCCDuuuuuFFDuuuuuCCDuuu
  uAAAAuuuuAAAAuuuuAAAAuuuuAAAAuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuu
  uu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuu
  uuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuu
  uu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
  uu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuu..JuuuuuCCJuuuuu..EuuuuuCCEuuu
  uuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuu
  uu..JuuuuuCCJuuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuu
  uuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuuGGGuuuuuCCGuuuuuGGEuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
  uuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuGGGuuuuuCCGuuuuuGGEuuuuuCCEuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
  uu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuu
  uuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuu
  uu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
  uu...uuuuuCC.uuuuu..EuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuu...uuuuuCC.uuuuu..EuuuuuCCEuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuKKJuuuuuCCJuuuuuKKEuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuu
  uuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuuKKJuuuuuCCJuuuuuKKEuuuuuCCEuuu
  uuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuuuuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuuuuBBBuuuuuBBBuuuuuBBBuuuuuBBBuuu
  uuGGGuuuuuCCGuuuuuGGEuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuu
  uuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuuuuGGGuuuuuCCGuuuuuGGEuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
  uuFFFuuuuuCCFuuuuuFFEuuuuuCCEuuuuuAAAuuuuuAAAuuuuuAAAuuuuuAAAuuu
`.replace(/\s/g, '')
