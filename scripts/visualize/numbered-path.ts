/** `charts/original.svg` for sheet 3 of 12: `charts/original-03.svg`, so that names sort as the sheets do. */
export function numberedPath(path: string, index: number, count: number): string {
  const number = String(index).padStart(String(count).length, '0');
  const [, stem = path, ending = ''] = /^(.*[^/])(\.[^./]+)$/.exec(path) ?? [];
  return `${stem}-${number}${ending}`;
}
