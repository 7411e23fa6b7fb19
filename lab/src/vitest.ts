import { afterAll, beforeAll, describe } from 'vitest'
import { Lab, type LabOptions } from './lab.mjs'
import { missing } from './missing.mjs'

export * from './lab.mjs'

export interface DescribeLabOptions extends Pick<LabOptions, 'routed' | 'tun'> {
  /** Programs that the tests run besides ours, such as `tcpdump`. */
  readonly needs?: readonly string[]
}

/**
 * Tests that run beside a lab of their own: made before them, removed after them, also when they fail. Where a lab
 * cannot be made they are skipped, and their title says what is missing. The lab's addresses may be used in tables; it is
 * up only inside tests and hooks.
 */
export function describeLab(title: string, options: DescribeLabOptions, body: (lab: Lab) => void): void {
  const { needs = [], ...labOptions } = options
  const lacks = missing(needs)
  const skipped = lacks.length > 0
  describe.skipIf(skipped)(skipped ? `${title} (skipped: needs ${lacks.join(', ')})` : title, () => {
    const lab = new Lab(labOptions)
    beforeAll(() => lab.up())
    afterAll(() => lab.remove())
    body(lab)
  })
}
