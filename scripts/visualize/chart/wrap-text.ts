/** Cuts a text at its spaces into lines of at most `limit` characters; a longer word has a line of its own. */
export function wrapText(text: string, limit: number): readonly string[] {
  return wrapParts(text.split(' '), limit);
}

/** Like `wrapText`, with the places where a line may end chosen by the caller; every part that is too long is cut at its spaces. */
export function wrapParts(parts: readonly string[], limit: number): readonly string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const pieces = part.length > limit && part.includes(' ') ? wrapText(part, limit) : [part];
    for (const piece of pieces) {
      const last = lines.at(-1);
      const joined = `${last} ${piece}`;
      if (last !== undefined && joined.length <= limit) lines.splice(-1, 1, joined);
      else lines.push(piece);
    }
  }
  return lines;
}
