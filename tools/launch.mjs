// @ts-check
import { pathToFileURL } from 'node:url'
import { listPackages, toolFiles } from './packages.mjs'
import { ROOT } from './root.mjs'
import { SetUpError, setUp } from './set-up.mjs'

/**
 * Becomes the named tool, in this very process: its exit status, signals, streams and terminal are its own.
 * @param {readonly string[]} argv tool name and its arguments; nothing for the demonstration
 */
export async function launch([name, ...args]) {
  const tools = toolFiles(listPackages(ROOT))
  const file = tools.get(name ?? '')
  if (name !== undefined && file === undefined) {
    const known = [...tools.keys()].join(', ')
    process.stderr.write(`portkit: no tool is called ${JSON.stringify(name)}; there is: ${known}\n`)
    process.exitCode = 2
    return
  }
  try {
    await setUp(ROOT)
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
    return
  }
  if (file === undefined) await import('./demo.mjs').then(({ demo }) => demo(tools))
  else await become(file, args)
}

/**
 * @param {string} file
 * @param {readonly string[]} args
 */
async function become(file, args) {
  endWithNpm()
  process.argv = [process.execPath, file, ...args]
  await import(pathToFileURL(file).href)
}

const NPM_DIES_WITHIN_MS = 300

/**
 * Ctrl-\ asks a tool for its figures, but npm, which stands between, ends of it. Without npm the run would go on
 * behind the user's prompt: it ends with its summary instead.
 */
function endWithNpm() {
  const npm = process.ppid
  process.on('SIGQUIT', () => {
    setTimeout(() => process.ppid !== npm && process.kill(process.pid, 'SIGINT'), NPM_DIES_WITHIN_MS).unref()
  })
}
