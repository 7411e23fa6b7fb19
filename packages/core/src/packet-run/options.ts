import { nonEmpty } from '../cli/coerce.ts'
import type { OptionTable } from '../cli/options.ts'

/** `--write` and `--read`. @param group the heading that they stand below */
export function captureOptions(group: string) {
  return {
    write: {
      kind: 'value',
      placeholder: 'FILE',
      coerce: nonEmpty,
      completes: 'file',
      yields: true,
      describe: "Write this run's packets to a capture file",
      group,
    },
    read: {
      kind: 'value',
      placeholder: 'FILE',
      coerce: nonEmpty,
      completes: 'file',
      yields: true,
      describe: 'Report on a capture file and send nothing',
      group,
    },
  } as const satisfies OptionTable
}

/** `--backend` and `--clock`. @param group the heading that they stand below */
export function wayOptions(group: string) {
  return {
    backend: {
      kind: 'value',
      choices: ['auto', 'kernel', 'raw-socket'],
      default: 'auto',
      yields: true,
      describe: 'Linux by koffi, or anywhere by the package raw-socket',
      group,
    },
    clock: {
      kind: 'value',
      choices: ['auto', 'packet', 'process'],
      default: 'auto',
      yields: true,
      describe: "Whose time stamps count: the kernel's on each packet, or this process's",
      group,
    },
  } as const satisfies OptionTable
}
