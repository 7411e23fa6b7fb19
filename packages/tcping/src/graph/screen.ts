const ESC = '\u001b['

/**
 * Alternate screen, so that the user's scrollback comes back unharmed; no cursor; and no automatic wrapping, so
 * that a terminal which thinks a character wider than we do cannot scroll (xterm control sequences, "DECSET").
 */
export const enterScreen = `${ESC}?1049h${ESC}?25l${ESC}?7l${ESC}2J${ESC}H`

/** Undoes `enterScreen`. What is printed after it stays in the user's terminal. */
export const leaveScreen = `${ESC}?7h${ESC}?25h${ESC}0m${ESC}?1049l`

/** Terminals that know synchronized output (private mode 2026) show the whole frame at once; others ignore it. */
const BEGIN = `${ESC}?2026h`
const END = `${ESC}?2026l`

/**
 * The text that turns the frame `previous` on the screen into `lines`: only rows that differ are written. Without
 * `previous` (first frame, after a resize, after the program was stopped) the screen is cleared first.
 */
export function redraw(previous: readonly string[] | undefined, lines: readonly string[]): string {
  const changes = lines.flatMap((line, row) =>
    // A row is cleared before it is written: clearing after a full row would take its last character.
    line === previous?.[row] ? [] : [`${ESC}${row + 1};1H${ESC}K${line}`],
  )
  const clear = previous === undefined ? `${ESC}2J` : ''
  const below =
    previous !== undefined && previous.length > lines.length ? `${ESC}${lines.length + 1};1H${ESC}J` : ''
  const body = clear + changes.join('') + below
  return body === '' ? '' : BEGIN + body + END
}
