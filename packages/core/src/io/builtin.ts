import { statSync } from 'node:fs'

/**
 * A module of Node that many runs never need, loaded when it is: together they cost a start some milliseconds.
 * Synchronous, unlike import().
 */
export function builtin<M>(name: `node:${string}`): M {
  return process.getBuiltinModule(name) as M
}

/** Node's own `require` in a bundle that is CommonJS; there is none in an ES module. */
declare const require: NodeJS.Require | undefined

/**
 * A package that may be missing. In a bundle its `main` file is looked for first: to read the package's `exports` Node
 * loads more of itself, which takes as long as a quarter of the package. @throws what `require` throws
 */
export function optionalPackage<M>(name: string, main: string): M {
  if (typeof require === 'function') {
    const folder = require.resolve.paths(name)?.find((path) => isThere(`${path}/${name}/${main}`))
    return require(folder === undefined ? name : `${folder}/${name}/${main}`) as M
  }
  const { createRequire } = builtin<typeof import('node:module')>('node:module')
  return createRequire(import.meta.url)(name) as M
}

/**
 * Also makes the file the last one that was asked about: where that was a pipe, such as standard output, Node leaves
 * links in the next module's path unresolved (fs.realpathSync looks at the outcome of the process's last stat).
 */
function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined
}
