/**
 * A module of Node that many runs never need, loaded when it is: together they cost a start some milliseconds.
 * Synchronous, unlike import().
 */
export function builtin<M>(name: `node:${string}`): M {
  return process.getBuiltinModule(name) as M
}

/** Node's own `require` in a bundle that is CommonJS; there is none in an ES module. */
declare const require: NodeJS.Require | undefined

/** A package that may be missing. @throws what `require` throws */
export function optionalPackage<M>(name: string): M {
  if (typeof require === 'function') return require(name) as M
  const { createRequire } = builtin<typeof import('node:module')>('node:module')
  return createRequire(import.meta.url)(name) as M
}
