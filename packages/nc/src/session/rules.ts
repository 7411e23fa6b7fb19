/** Which of the four ends are still there, and what is on its way. */
export interface EndStates {
  netIn: boolean
  netOut: boolean
  input: boolean
  output: boolean
  /** Octets of the input are not all with the system yet; also while `-i` pauses. */
  sending: boolean
  /** Octets of the network are not all written to the output yet. */
  printing: boolean
  /** Something has happened since the start. */
  stirred: boolean
}

export interface Rules {
  readonly listening: boolean
  readonly datagrams: boolean
  readonly readStdin: boolean
  readonly shutdownAtEof: boolean
  readonly quitMs: number | undefined
}

/** What the states come to: `fin` is to be sent; `over` ends the session, `quit` the whole run. */
export interface Judgement {
  readonly fin: boolean
  readonly ending: 'over' | 'quit' | undefined
}

/**
 * Lets the loss of one end take others with it, as nc does after each poll(2), and says what follows. Found by
 * experiment with nc 1.219; the comments of the helpers name the rules.
 */
export function settle(states: EndStates, rules: Rules): Judgement {
  if (!states.netOut) states.input = false
  if (!states.output) states.netIn = false
  const ended = inputDone(states, rules)
  const fin = ended && states.netOut && rules.shutdownAtEof
  if (ended) states.netOut = false
  if (!states.netIn && !states.printing) states.output = false
  if (isOver(states, rules)) return { fin, ending: 'over' }
  return { fin, ending: ended ? afterInput(states, rules) : undefined }
}

/** All of the input is sent. An input that is not to be read (-d) is noticed only after the first event. */
function inputDone(states: EndStates, rules: Rules): boolean {
  return !states.input && !states.sending && (states.stirred || rules.readStdin)
}

/** Both inputs are gone and nothing is on its way, or both outputs are; a listener does not wait for its input. */
function isOver(states: EndStates, rules: Rules): boolean {
  if (!states.netOut && !states.output) return true
  const idle = !states.sending && !states.printing
  return idle && !states.netIn && (rules.listening || !states.input)
}

/** `-q` counts from the end of the input for listeners and datagrams, where the peer's end may never be heard. */
function afterInput(states: EndStates, rules: Rules): 'over' | 'quit' | undefined {
  if (rules.quitMs === undefined || states.printing) return undefined
  if (!rules.listening && !rules.datagrams) return undefined
  return rules.quitMs === 0 ? 'quit' : 'over'
}
