/** The word that somebody may have meant; undefined when none is near. */
export function closest(word: string, known: readonly string[]): string | undefined {
  const beginning = known.filter((each) => word.length > 1 && each.startsWith(word));
  if (beginning.length === 1) return beginning[0];
  const nearest = known
    .map((each) => ({ each, distance: distanceOf(word, each) }))
    .sort((one, other) => one.distance - other.distance)[0];
  return nearest !== undefined && nearest.distance <= Math.min(2, (word.length + 1) / 2)
    ? nearest.each
    : undefined;
}

/** Letters to change, add or leave out. */
function distanceOf(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of [...other].entries()) {
      const changed = (row[column] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(changed, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
