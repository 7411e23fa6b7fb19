import { closeSync, openSync } from 'node:fs'
import { loadLibc } from '../src/io/kernel/libc.ts'

const CLONE_NEWNET = 0x4000_0000

/** Brings this thread into a network namespace; gives the way back. Sockets stay where they were opened. */
export function enter(namespace: string): () => void {
  const libc = loadLibc()
  if (libc === undefined) throw new Error('the lab needs koffi')
  const setns = libc.bindMore<(fd: number, type: number) => number>('int setns(int fd, int type)')
  const home = openSync('/proc/self/ns/net', 'r')
  const go = (fd: number): void => {
    if (setns(fd, CLONE_NEWNET) !== 0) throw new Error(`setns: ${libc.errno()}`)
    closeSync(fd)
  }
  go(openSync(`/run/netns/${namespace}`, 'r'))
  return () => go(home)
}
