import { askSecret } from '../src/io/node/ask-secret.ts'
import { standardInput, standardOutput } from '../src/io/node/stdio.ts'

/** Does with its standard streams what its argument says, and tells on standard error. */
const stdin = standardInput()
const stdout = standardOutput()
const [, , task = '', most = '65536'] = process.argv

async function copy(): Promise<void> {
  for (
    let chunk = await stdin.read(Number(most));
    chunk !== undefined;
    chunk = await stdin.read(Number(most))
  ) {
    if (chunk.length > Number(most)) throw new Error('too much')
    await stdout.write(chunk)
  }
  process.stderr.write(stdin.isTty ? 'end of terminal' : 'end')
}

async function first(): Promise<void> {
  const chunk = await stdin.read(Number(most))
  const pending = stdin.read(1)
  stdin.release()
  const after = [await pending, await stdin.read(1)]
  process.stderr.write(`${Buffer.from(chunk ?? []).toString()} ${after.join()}`)
}

async function fill(): Promise<void> {
  try {
    for (;;) await stdout.write(new Uint8Array(100_000))
  } catch (error) {
    process.stderr.write((error as { code: string }).code)
  }
}

/** Other things must go on while a write waits. */
async function turn(): Promise<void> {
  void fill()
  for (let i = 0; i < 1000; i++) await new Promise(setImmediate)
  process.stderr.write('turned')
}

/** Says so when nobody reads any more; writes a line first. */
async function gone(): Promise<void> {
  await stdout.write(Buffer.from('line\n'))
  // The watch itself keeps no process alive.
  const alive = setTimeout(() => process.stderr.write('never'), 1500)
  await stdout.gone()
  clearTimeout(alive)
  process.stderr.write('gone')
}

async function watch(): Promise<void> {
  void stdout.gone()
  await stdout.write(Buffer.from('line\n'))
}

async function ask(): Promise<void> {
  process.stderr.write(`answer ${JSON.stringify(await askSecret('Secret: '))}`)
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { copy, first, fill, turn, gone, watch, ask }
void tasks[task]?.()
