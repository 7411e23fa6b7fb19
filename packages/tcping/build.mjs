// The tool in one CommonJS file with core inside. What only --help, --man and --completion need is a second one,
// because reading it would cost every other run some milliseconds. koffi stays outside: it brings binaries.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { build } from 'esbuild'

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const ABOUT = './tcping-about.cjs'

/** Core's modules about a tool, which `run-cli.ts` imports when somebody asks. */
const aboutApart = {
  name: 'about-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/(help|man|completion)\.ts$/ }, ({ kind, importer }) =>
      kind === 'dynamic-import' && basename(importer) === 'run-cli.ts'
        ? { path: ABOUT, external: true }
        : undefined,
    )
  },
}

const common = {
  absWorkingDir: import.meta.dirname,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  conditions: ['portkit-source'],
  external: ['koffi'],
  define: { 'import.meta.url': '__filename', PORTKIT_VERSION: JSON.stringify(version) },
  legalComments: 'none',
  minify: true,
  logLevel: 'warning',
}
const core = '@portkit/core/about'

await Promise.all([
  build({ ...common, entryPoints: ['src/bin.ts'], outfile: 'dist/tcping.cjs', plugins: [aboutApart] }),
  build({
    ...common,
    stdin: { contents: `export * from '${core}'`, resolveDir: import.meta.dirname },
    outfile: `dist/${ABOUT}`,
  }),
])
