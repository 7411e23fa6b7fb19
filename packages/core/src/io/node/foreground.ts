import { readFileSync } from 'node:fs'
import { builtin } from '../builtin.ts'

/** Whether this process belongs to the terminal's foreground group: only then may it read from the terminal. */
export function inForeground(): boolean {
  const [group, foreground] = groups()
  return group !== undefined && group === foreground
}

/** Whether there is a controlling terminal at all, wherever the standard streams lead. */
export function hasTerminal(): boolean {
  return Number(groups()[1]) > 0
}

/** The process's own group and the terminal's foreground group. */
function groups(): (string | undefined)[] {
  try {
    return process.platform === 'linux' ? fromProc() : fromPs()
  } catch {
    return []
  }
}

/** proc(5), /proc/self/stat: fields 5 (pgrp) and 8 (tpgid), counted after the name in brackets. */
function fromProc(): (string | undefined)[] {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [fields[2], fields[5]]
}

function fromPs(): (string | undefined)[] {
  const { execFileSync } = builtin<typeof import('node:child_process')>('node:child_process')
  const text = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], {
    encoding: 'utf8',
    timeout: 1000,
  })
  const [group, foreground] = text.trim().split(/\s+/)
  return [group, foreground]
}
