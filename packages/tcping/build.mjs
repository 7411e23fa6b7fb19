// One CommonJS file with core inside; koffi stays outside, because it brings binaries.
import { readFileSync } from 'node:fs'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ['src/bin.ts'],
  outfile: 'dist/tcping.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['portkit-source'],
  external: ['koffi'],
  define: { 'import.meta.url': '__filename', PORTKIT_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'warning',
})
