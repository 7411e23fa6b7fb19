import type { HostReport } from '../model/host-report.ts'
import type { RunInfo, ScanResult } from '../model/scan-result.ts'
import type { CollapseRule } from '../report/not-shown.ts'
import { type DiffRules, diffHost, type HostDiff } from './diff-hosts.ts'

/** What two results differ in. */
export interface ResultDiff {
  readonly before: RunInfo
  readonly after: RunInfo
  /** Whether both are results of one run; that they are not makes no difference between results. */
  readonly isSameRun: boolean
  /** Also those that are the same. By the characters of their addresses, as ndiff has them. */
  readonly hosts: readonly HostDiff[]
  /** Whether all hosts are. */
  readonly isSame: boolean
}

/**
 * Compares two results as ndiff 7.93 does: hosts, their states, names and addresses, the ports that a report lists and the
 * numbers of those that it only counts, and what is said of services; not how any of it is known. Better than there:
 * a host is known by its address whatever its names are now; the less verbose of two reports decides for both what is
 * listed; ports that changed are found also where both reports only count them.
 */
export function diffResults(before: ScanResult, after: ScanResult): ResultDiff {
  const rules = rulesOf(before.run, after.run)
  const earlier = byKey(before.hosts)
  const later = byKey(after.hosts)
  const keys = [...new Set([...earlier.keys(), ...later.keys()])].sort()
  const hosts = keys.map((key) => diffHost(earlier.get(key), later.get(key), rules))
  return {
    before: before.run,
    after: after.run,
    isSameRun: headOf(before.run) === headOf(after.run),
    hosts,
    isSame: hosts.every(({ isSame }) => isSame),
  }
}

/** A host may have been scanned twice in a run: the first time is compared with the first time, and so on. */
function byKey(hosts: readonly HostReport[]): ReadonlyMap<string, HostReport> {
  const times = new Map<string, number>()
  return new Map(
    hosts.map((host) => {
      const time = (times.get(host.address) ?? 0) + 1
      times.set(host.address, time)
      return [time === 1 ? host.address : `${host.address} ${time}`, host]
    }),
  )
}

function headOf({ scanner, version, args, startMs }: RunInfo): string {
  return JSON.stringify([scanner, version, args, startMs])
}

function rulesOf(before: RunInfo, after: RunInfo): DiffRules {
  const rules = { before: ruleOf(before), after: ruleOf(after) }
  const both = {
    verbose: Math.min(before.verbose, after.verbose),
    debugging: Math.min(before.debugging, after.debugging),
    openOnly: rules.before.openOnly || rules.after.openOnly,
  }
  return { ...rules, both }
}

function ruleOf(run: RunInfo): CollapseRule {
  return { verbose: run.verbose, debugging: run.debugging, openOnly: isOpenOnly(run) }
}

/** A result does not say so in any other way. */
function isOpenOnly({ args }: RunInfo): boolean {
  return / --?open(?= |$)/.test(args)
}
