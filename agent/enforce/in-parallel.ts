/**
 * Runs work over items, at most `bound` at once, and gives the results in the items' order.
 *
 * @throws the first failure, after the work that was under way has ended.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  bound: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  // One iterator for all runners: each item is taken once.
  const queue = items.entries();
  let failure: { readonly error: unknown } | undefined;
  const runner = async (): Promise<void> => {
    for (const [at, item] of queue) {
      try {
        results[at] = await work(item);
      } catch (error) {
        failure ??= { error };
      }
      if (failure) return;
    }
  };
  await Promise.all(Array.from({ length: Math.min(bound, items.length) }, runner));
  if (failure) throw failure.error;
  return results;
}
