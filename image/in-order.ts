/** Asynchronous work on a stream of items: several under way, results in the order of the items. */

/** Takes the next item only when fewer than `width` are under way: memory stays bounded. */
export async function* mapInOrder<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<Result>,
): AsyncGenerator<Result> {
  const underWay: Promise<Result>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Whoever waits for it below gets the rejection; until then it must not count as unhandled.
    result.catch(() => undefined);
    underWay.push(result);
    const oldest = underWay.length >= width ? underWay.shift() : undefined;
    if (oldest !== undefined) yield await oldest;
  }
  for (const result of underWay) yield await result;
}
