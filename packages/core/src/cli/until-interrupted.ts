/** What the work gives; undefined when the user had enough first: a name server may take its time. */
export async function untilInterrupted<T>(
  work: Promise<T>,
  interrupted: AbortSignal,
): Promise<T | undefined> {
  if (interrupted.aborted) return undefined
  let onAbort = (): void => {}
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined)
    interrupted.addEventListener('abort', onAbort)
  })
  try {
    return await Promise.race([work, aborted])
  } finally {
    interrupted.removeEventListener('abort', onAbort)
    work.catch(() => {})
  }
}
