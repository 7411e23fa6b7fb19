/** Neighbouring ports, both ends included. */
export interface PortSpan {
  readonly from: number
  readonly to: number
}

const LAST_PORT = 65_535

/** Ascending ports as nmap writes them: `1-7,10,20-25`; empty for none. */
export function rangesOf(ports: Iterable<number>): string {
  const spans: string[] = []
  let from = -1
  let to = -1
  const close = (): void => {
    if (from >= 0) spans.push(from === to ? `${from}` : `${from}-${to}`)
  }
  for (const port of ports) {
    if (from < 0 || port !== to + 1) {
      close()
      from = port
    }
    to = port
  }
  close()
  return spans.join(',')
}

/**
 * What `rangesOf` and nmap's XML write. undefined for anything else, also for ports that do not ascend: so no text stands
 * for more than 65,536 ports.
 */
export function spansIn(text: string): readonly PortSpan[] | undefined {
  if (text === '') return []
  const spans: PortSpan[] = []
  let last = -1
  // More items than there are ports cannot ascend.
  for (const item of text.split(',', LAST_PORT + 2)) {
    const [, first = '', second = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(item) ?? []
    const [from, to] = [Number(first), Number(second)]
    if (first === '' || from <= last || to < from || to > LAST_PORT) return undefined
    spans.push({ from, to })
    last = to
  }
  return spans
}

/** The ports of `spansIn`, ascending. */
export function portsIn(text: string): readonly number[] | undefined {
  const spans = spansIn(text)
  if (spans === undefined) return undefined
  const ports: number[] = []
  for (const { from, to } of spans) for (let port = from; port <= to; port += 1) ports.push(port)
  return ports
}
