import { describe, expect, it } from 'vitest'
import { exitStatus } from '../src/exit-status.ts'

const UP = { up: 1, down: 3, total: 4 }
const DOWN = { up: 0, down: 4, total: 4 }
const PORTS = { scansPorts: true, listOnly: false }
const WHOLE = { open: 0, unresolved: 0, left: 0 }

describe("nmap's exit status", () => {
  it.each([
    ['nothing is open', undefined, WHOLE, 0],
    ['a name is unknown', undefined, { ...WHOLE, unresolved: 1 }, 0],
    ['hosts were left', undefined, { ...WHOLE, left: 1 }, 0],
    ['Ctrl-C ended it', 'SIGINT', WHOLE, 130],
    ['SIGTERM ended it', 'SIGTERM', WHOLE, 143],
    ['the terminal went away', 'SIGHUP', WHOLE, 129],
    ['an error ended it', 'no space left', WHOLE, 1],
  ])('when %s', (_, cut, tallies, status) => {
    expect(exitStatus({ cut, hosts: DOWN }, tallies, { exitCode: 'nmap', ...PORTS })).toBe(status)
  })
})

describe('the exit status by state', () => {
  it.each([
    ['something is open', { hosts: UP }, { ...WHOLE, open: 1 }, PORTS, 0],
    ['nothing is open', { hosts: UP }, WHOLE, PORTS, 1],
    ['no host is up', { hosts: DOWN }, WHOLE, PORTS, 2],
    ['there was no target at all', { hosts: { up: 0, down: 0, total: 0 } }, WHOLE, PORTS, 2],
    ['a name is unknown', { hosts: UP }, { ...WHOLE, open: 1, unresolved: 1 }, PORTS, 3],
    ['no name is known', { hosts: DOWN }, { ...WHOLE, unresolved: 1 }, PORTS, 3],
    ['a host was left', { hosts: UP }, { ...WHOLE, open: 1, left: 1 }, PORTS, 3],
    ['Ctrl-C ended it', { hosts: UP, cut: 'SIGINT' }, { ...WHOLE, open: 1 }, PORTS, 3],
    ['an error ended it', { hosts: UP, cut: 'no space left' }, { ...WHOLE, open: 1 }, PORTS, 4],
    [
      'hosts are up, which is all that was asked',
      { hosts: UP },
      WHOLE,
      { scansPorts: false, listOnly: false },
      0,
    ],
    [
      'none is, which is all that was asked',
      { hosts: DOWN },
      WHOLE,
      { scansPorts: false, listOnly: false },
      2,
    ],
    ['targets were only listed', { hosts: DOWN }, WHOLE, { scansPorts: false, listOnly: true }, 0],
  ])('when %s', (_, end, tallies, settings, status) => {
    expect(exitStatus(end, tallies, { exitCode: 'state', ...settings })).toBe(status)
  })
})
