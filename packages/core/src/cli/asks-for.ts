/**
 * Whether `--NAME VALUE` or `--NAME=VALUE` stands anywhere in a command line, also in words that a mistake before them
 * kept from being read.
 */
export function asksFor(argv: readonly string[], name: string, value: string): boolean {
  return argv.some((word, i) => {
    const long = word.replace(/^--?/, '')
    return word !== long && (long === `${name}=${value}` || (long === name && argv[i + 1] === value))
  })
}
