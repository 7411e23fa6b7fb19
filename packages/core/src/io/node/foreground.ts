import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Whether this process belongs to the terminal's foreground group: only then may it read from the terminal. */
export function inForeground(): boolean {
  try {
    const [group, foreground] = process.platform === 'linux' ? fromProc() : fromPs()
    return group === foreground
  } catch {
    return false
  }
}

/** proc(5), /proc/self/stat: fields 5 (pgrp) and 8 (tpgid), counted after the name in brackets. */
function fromProc(): (string | undefined)[] {
  const stat = readFileSync('/proc/self/stat', 'latin1')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return [fields[2], fields[5]]
}

function fromPs(): (string | undefined)[] {
  const text = execFileSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], {
    encoding: 'utf8',
    timeout: 1000,
  })
  const [group, foreground] = text.trim().split(/\s+/)
  return [group, foreground]
}
