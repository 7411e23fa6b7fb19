/** A JSON object's value at a path of names; undefined where there is none. */
export function at(json: unknown, ...path: readonly string[]): unknown {
  let value = json
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = Object.entries(value).find(([key]) => key === name)?.[1]
  }
  return value
}

/** The same, where it is a text. */
export function textAt(json: unknown, ...path: readonly string[]): string | undefined {
  const value = at(json, ...path)
  return typeof value === 'string' ? value : undefined
}

/** The object that a body is; undefined for all other bodies, and for an object that was cut. */
export function objectOf(body: string): unknown {
  if (!/^\s{0,10}\{/.test(body)) return undefined
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}
