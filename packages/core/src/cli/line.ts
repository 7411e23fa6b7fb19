/** Text for the user, with the stream it belongs to. It includes its own line ends. */
export interface Line {
  readonly to: 'out' | 'err'
  readonly text: string
}

export const out = (text: string): Line => ({ to: 'out', text })
export const err = (text: string): Line => ({ to: 'err', text })
