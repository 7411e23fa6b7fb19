import { defineConfig } from 'vitest/config'

// Tests run on the TypeScript sources: no build is needed first.
const conditions = ['portkit-source']
const base = { resolve: { conditions }, ssr: { resolve: { conditions } } }

export default defineConfig({
  ...base,
  test: {
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
    projects: [
      {
        ...base,
        test: {
          name: 'unit',
          include: [
            'packages/*/test/**/*.test.ts',
            'lab/test/**/*.test.ts',
            'bench/test/**/*.test.ts',
            'tools/test/**/*.test.ts',
          ],
          exclude: ['**/*.lab.test.ts', '**/*.pack.test.ts'],
          // Laws are tried hundreds of times, beside the install tests on two cores.
          testTimeout: 30_000,
        },
      },
      {
        ...base,
        test: {
          name: 'lab',
          include: ['**/*.lab.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Real time on machines that others use as well; the report names every test that needed it.
          retry: 1,
        },
      },
      {
        ...base,
        test: {
          name: 'pack',
          include: ['**/*.pack.test.ts'],
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
