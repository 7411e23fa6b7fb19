import type { Behaviour, World } from '@portkit/core/sim'
import type { Deed } from './kit.ts'

/** What the `@` lines of a transcript say. */
export interface Setting {
  readonly world: World
  readonly deeds: readonly Deed[]
}

type Draft = { -readonly [K in keyof World]: World[K] } & { deeds: Deed[] }
type Rule = readonly [pattern: RegExp, apply: (draft: Draft, groups: readonly string[]) => void]

const DEEDS: Readonly<Record<string, Deed['does']>> = {
  'Ctrl-C': 'SIGINT',
  SIGTERM: 'SIGTERM',
  'Ctrl-\\': 'status',
  Enter: 'summary',
}

const RULES: readonly Rule[] = [
  [/^(\S+) is (\S.*)$/, (d, [name = '', list = '']) => (d.hosts = { ...d.hosts, [name]: addresses(list) })],
  [/^terminal (\d+)x(\d+)$/, (d, [c, r]) => (d.terminal = { columns: Number(c), rows: Number(r) })],
  [/^clock (kernel|process)$/, (d, [clock]) => (d.clock = clock === 'kernel' ? 'kernel' : 'process')],
  [/^env (\w+)=(.*)$/, (d, [name = '', value = '']) => (d.env = { ...d.env, [name]: value })],
  [
    /^(Ctrl-C|SIGTERM|Ctrl-\\|Enter) after ([\d.]+) s$/,
    (d, [key = '', s]) => d.deeds.push({ afterMs: 1000 * Number(s), does: DEEDS[key] ?? 'SIGINT' }),
  ],
  [
    /^(\S+:\d+) (.+)$/,
    (d, [place = '', script = '']) =>
      (d.ports = { ...d.ports, [place]: script.split('; then ').map(behaviour) }),
  ],
]

/** Reads `@` lines without their mark. @throws Error for a line that means nothing */
export function readSetting(lines: readonly string[]): Setting {
  const draft: Draft = { ports: {}, deeds: [] }
  for (const line of lines) {
    const found = RULES.map(([pattern, apply]) => [pattern.exec(line), apply] as const).find(
      ([m]) => m !== null,
    )
    if (found?.[0] == null) throw new Error(`this says nothing about a world: ${line}`)
    found[1](draft, found[0].slice(1))
  }
  const { deeds, ...world } = draft
  return { world, deeds }
}

/** `10.0.0.2, ::1`; after `; later` what the next look-up finds. */
function addresses(text: string): readonly (readonly string[])[] {
  return text.split('; later ').map((list) => list.split(', '))
}

const BEHAVIOURS: readonly (readonly [RegExp, (groups: readonly string[]) => Behaviour])[] = [
  [/^drops$/, () => ({ does: 'drop' })],
  [/^refuses after ([\d.]+) ms$/, ([ms]) => ({ does: 'refuse', afterMs: Number(ms) })],
  [
    /^accepts after ([\d.]+) ms(?:, loses (\d) SYNs?)?(, resets)?$/,
    ([ms, lost, reset]) => ({
      does: 'accept',
      afterMs: Number(ms),
      lost: Number(lost ?? 0),
      reset: reset !== undefined,
    }),
  ],
  [
    /^answers ICMP (\d+)\/(\d+) from (\S+) after ([\d.]+) ms$/,
    ([type, code, from = '', ms]) => ({
      does: 'icmp',
      type: Number(type),
      code: Number(code),
      from,
      afterMs: Number(ms),
    }),
  ],
  [/^fails with (\w+): (.*)$/, ([code = '', message = '']) => ({ does: 'fault', code, message })],
  [
    /^speaks (TLSv\S+) for (-?\d+) days after ([\d.]+) ms(?:, (\w+))?$/,
    ([protocol = '', days, ms, invalid]) => ({
      does: 'accept',
      afterMs: Number(ms),
      tls: {
        kind: 'tls',
        handshakeNs: 3.5e6,
        protocol,
        cipher: 'TLS_AES_256_GCM_SHA384',
        // The virtual clock starts with the year 2026.
        validToMs: Date.UTC(2026, 0, 1, 12) + Number(days) * 86_400_000,
        subject: 'CN=web.lan',
        issuer: 'CN=lab',
        invalid,
      },
    }),
  ],
]

function behaviour(text: string): Behaviour {
  for (const [pattern, make] of BEHAVIOURS) {
    const match = pattern.exec(text)
    if (match !== null) return make(match.slice(1))
  }
  throw new Error(`no port does this: ${text}`)
}
