import { type Fault, type Line, out, word } from '@portkit/core'
import type { Scale } from './axis.ts'
import { place } from './format.ts'
import {
  COLOUR_GRAPH_STYLES,
  createGraphModel,
  enterScreen,
  leaveScreen,
  PLAIN_GRAPH_STYLES,
  redraw,
  renderGraph,
} from './graph.ts'
import type { LaneState } from './lane-state.ts'
import type { Reporter, RunView } from './reporter.ts'

export interface GraphReporterOptions {
  readonly view: RunView
  readonly intervalMs: number
  readonly colour: boolean
  readonly unicode: boolean
  /** Asked at every frame: the terminal may change its size. */
  size(): { readonly columns: number; readonly rows: number }
  /** Tells the end in words, once the picture is gone. */
  readonly after: Reporter
}

/** Samples remembered for each target: more than any terminal is wide. */
const CAPACITY = 1024
const FRAME_NS = 50e6

/** A picture of all targets that moves with the time, on the terminal's other screen. */
export function graphReporter(options: GraphReporterOptions): Reporter {
  const { view, after, intervalMs, colour, unicode } = options
  const names = view.lanes.map(({ target }) => place(target, target.host !== target.address))
  const model = createGraphModel({ names, capacity: CAPACITY })
  const styles = colour ? COLOUR_GRAPH_STYLES : PLAIN_GRAPH_STYLES
  const faults = new Map<LaneState, Fault>()
  let scale: Scale | undefined
  let shown: readonly string[] | undefined
  let drawnNs = Number.NEGATIVE_INFINITY

  const draw = (): readonly Line[] => {
    const nowMs = view.nowNs() / 1e6
    const frame = renderGraph(model, options.size(), {
      nowMs,
      intervalMs,
      unicode,
      styles,
      previousScale: scale,
    })
    const text = redraw(shown, frame.lines)
    scale = frame.scale
    shown = frame.lines
    drawnNs = view.nowNs()
    return [out(text)]
  }
  return {
    start: () => [out(enterScreen), ...draw()],
    result(lane, { result, startedNs }) {
      const { observation } = result
      const rttNs = observation.kind === 'silence' ? undefined : observation.rttNs
      const sample = { atMs: startedNs / 1e6, rttMs: rttNs === undefined ? undefined : rttNs / 1e6 }
      model.add(lane.index, { ...sample, word: word(result.verdict) })
      return view.nowNs() - drawnNs < FRAME_NS ? [] : draw()
    },
    fault(lane, fault) {
      faults.set(lane, fault)
      return []
    },
    moved: () => [],
    request(request) {
      if (request === 'resize') shown = undefined
      return draw()
    },
    end: () => [
      out(leaveScreen),
      ...after.start(),
      // The picture has no room for what this machine could not do: the newest of it is told now.
      ...[...faults].flatMap(([lane, fault]) => after.fault(lane, fault)),
      ...after.end(),
    ],
  }
}
