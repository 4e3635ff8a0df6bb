/**
 * The id of the SVG element of a state or an edge: the same for as long as the names in the chart are. Characters that may not
 * stand in a name of an XML document (XML 1.0, 2.3) are written as their code point between colons, so no two ids fall together.
 */
export function elementId(family: 'state' | 'edge', id: string): string {
  const written = [...id].map((character) =>
    /[\w.-]/.test(character) ? character : `:${(character.codePointAt(0) ?? 0).toString(16)}:`,
  );
  return `${family}-${written.join('')}`;
}
