/** A limit of 0 means "all" to MongoDB and "none" to everybody else. */
export async function upTo<T>(limit: number, find: () => Promise<T[]>): Promise<T[]> {
  return limit > 0 ? find() : [];
}

/** Results in the order of the items; at no time more than `width` under way. */
export async function mapAtMost<Item, Result>(
  width: number,
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const rest = items.entries();
  const worker = async () => {
    for (const [index, item] of rest) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
