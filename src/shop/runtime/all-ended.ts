/** Resolves when all have ended, so that nothing goes on in the background; then rejects with the first error among them. */
export async function allEnded<T>(tasks: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(tasks);
  return Promise.all(tasks);
}
