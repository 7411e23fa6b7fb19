import type { Clock } from '../io/io.ts'

/** Has tasks done at their time, in the order they were given; those of one moment cost one sleep. */
export function timetable(clock: Clock): (afterMs: number, task: () => void) => void {
  const due = new Map<number, (() => void)[]>()
  return (afterMs, task) => {
    const atNs = clock.nowNs() + Math.max(0, afterMs) * 1e6
    const tasks = due.get(atNs)
    if (tasks !== undefined) return void tasks.push(task)
    const first = [task]
    due.set(atNs, first)
    void clock.sleep(afterMs).then(() => {
      due.delete(atNs)
      for (const each of first) each()
    })
  }
}
