const USUAL = 'nc-ts'

/**
 * The name that begins every message: the base name under which the tool was started, as nc has it. Started as a script
 * of its package it is `nc-ts`, through a link called `nc` it is `nc`.
 */
export function nameOf(argv1: string | undefined): string {
  const base = argv1?.split(/[\\/]/).at(-1) ?? ''
  return base === '' || /\.[cm]?[jt]s$/.test(base) ? USUAL : base
}
