import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Job } from 'kubernetes-types/batch/v1.js'
import type { PersistentVolumeClaim } from 'kubernetes-types/core/v1.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { readShard } from '../src/spread/shard-index.ts'

const require = createRequire(import.meta.url)
const examples = join(import.meta.dirname, '../examples')
const textOf = (name: string) => readFileSync(join(examples, name), 'utf8')
const manifest = parseAllDocuments(textOf('job.yaml'), { strict: true, uniqueKeys: true })

/** Every part exactly once. */
function expectWhole(parts: readonly ReturnType<typeof readShard>[]): void {
  expect(parts.map(({ index }) => index).sort((a, b) => a - b)).toEqual(parts.map((_, i) => i))
  expect(new Set(parts.map(({ count }) => count))).toEqual(new Set([parts.length]))
}

describe("the manifest for Kubernetes, by the API's types", () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'manifest-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  /** What TypeScript has to say about a value that is written out where one of these types is wanted. */
  function complaints(documents: readonly unknown[]): string {
    const types = dirname(require.resolve('kubernetes-types/package.json'))
    const [claim, job] = documents.map((document) => JSON.stringify(document, undefined, 1))
    writeFileSync(
      join(folder, 'manifest.ts'),
      `import type { Job } from '${types}/batch/v1'\n` +
        `import type { PersistentVolumeClaim } from '${types}/core/v1'\n` +
        `export const claim: PersistentVolumeClaim = ${claim}\nexport const job: Job = ${job}\n`,
    )
    const options = { noEmit: true, strict: true, module: 'esnext', moduleResolution: 'bundler', types: [] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options }))
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
    try {
      execFileSync(process.execPath, [compiler, '-p', folder])
      return ''
    } catch (error) {
      return String((error as { stdout?: unknown }).stdout)
    }
  }

  it('is one, without unknown fields or values of another type', () => {
    expect(manifest.flatMap(({ errors }) => errors)).toEqual([])
    expect(complaints(manifest.map((document) => document.toJS()))).toBe('')
  })

  it.each([
    [
      /completionMode: Indexed/,
      'completionModus: Indexed',
      /completionModus.* does not exist in type 'JobSpec'/,
    ],
    [/completions: 16/, 'completions: "16"', /Type 'string' is not assignable to type 'number'/],
    [/mountPath: \/results/, 'mountpath: /results', /mountpath.* does not exist in type 'VolumeMount'/],
    [/kind: Job/, 'kind: CronJob', /"CronJob"' is not assignable to type '"Job"'/],
  ])('would not be one with %s as %s', (right, wrong, complaint) => {
    const documents = parseAllDocuments(textOf('job.yaml').replace(right, wrong))
    expect(complaints(documents.map((document) => document.toJS()))).toMatch(complaint)
  })
})

describe('the manifest for Kubernetes', () => {
  const [claim, job] = manifest.map((document) => document.toJS()) as [PersistentVolumeClaim, Job]
  const pod = job.spec?.template.spec
  const [container] = pod?.containers ?? []
  const args = container?.args ?? []

  it('has a task for every part of the scan', () => {
    expect(job.spec?.completionMode).toBe('Indexed')
    const shard = args.find((arg) => arg.startsWith('--shard='))?.slice('--shard='.length) ?? ''
    const indexes = Array.from({ length: job.spec?.completions ?? 0 }, (_, index) => index)
    expectWhole(indexes.map((index) => readShard(shard, { JOB_COMPLETION_INDEX: `${index}` })))
    expect(args.some((arg) => /^--seed=\d+$/.test(arg))).toBe(true)
  })

  it('has a result of its own for every part, on the volume that outlives it', () => {
    const output = args[args.indexOf('-oX') + 1] ?? ''
    expect(output).toContain('$(JOB_COMPLETION_INDEX)')
    const mount = container?.volumeMounts?.find(({ mountPath }) => output.startsWith(`${mountPath}/`))
    const volume = pod?.volumes?.find(({ name }) => name === mount?.name)
    expect(volume?.persistentVolumeClaim?.claimName).toBe(claim.metadata?.name)
    const volumes = pod?.volumes?.map(({ name }) => name)
    for (const { name } of container?.volumeMounts ?? []) expect(volumes).toContain(name)
  })

  it('needs no rights', () => {
    expect(pod?.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
    expect(container?.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
  })
})

describe('the script for Slurm', () => {
  const script = textOf('slurm.sh')

  it('has a task for every part of the scan', () => {
    const [, first, last] = /^#SBATCH --array=(\d+)-(\d+)$/m.exec(script) ?? []
    const shard = /--shard (\S+)/.exec(script)?.[1] ?? ''
    const count = Number(last) - Number(first) + 1
    const env = {
      SLURM_ARRAY_TASK_MIN: first,
      SLURM_ARRAY_TASK_MAX: last,
      SLURM_ARRAY_TASK_COUNT: `${count}`,
    }
    const tasks = Array.from({ length: count }, (_, i) => `${Number(first) + i}`)
    expectWhole(tasks.map((task) => readShard(shard, { ...env, SLURM_ARRAY_TASK_ID: task })))
  })

  it('has its options before the first command, where sbatch looks for them', () => {
    const lines = script.split('\n')
    const lastOption = lines.findLastIndex((line) => line.startsWith('#SBATCH'))
    expect(lines.slice(0, lastOption).every((line) => line.startsWith('#'))).toBe(true)
  })
})
