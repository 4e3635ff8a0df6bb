// How wide a text will be, without a font at hand: an estimate that is never too small for the fonts the drawings name.
// Promises: an even, whole number of pixels, the same everywhere. Leaves out: kerning and ligatures (the drawings use
// monospace fonts, which have none that change the width).
// Facts: advance widths in em, read from the font files' `hmtx` tables: DejaVu Sans Mono 0.602, Menlo 0.602,
// Liberation Mono and Courier New 0.600, Consolas 0.550. Wide characters: Unicode 15 EastAsianWidth.txt, classes W and F.

const advanceEm = 0.605;

/** First and last code points of blocks whose characters take two columns, and of blocks that take none (combining marks). */
const columnsOfBlocks: readonly {
  readonly first: number;
  readonly last: number;
  readonly columns: number;
}[] = [
  { first: 0x0300, last: 0x036f, columns: 0 },
  { first: 0x1100, last: 0x115f, columns: 2 },
  { first: 0x200b, last: 0x200f, columns: 0 },
  { first: 0x2e80, last: 0xa4cf, columns: 2 },
  { first: 0xac00, last: 0xd7a3, columns: 2 },
  { first: 0xf900, last: 0xfaff, columns: 2 },
  { first: 0xfe00, last: 0xfe0f, columns: 0 },
  { first: 0xfe30, last: 0xfe6f, columns: 2 },
  { first: 0xff00, last: 0xff60, columns: 2 },
  { first: 0x1f300, last: 0x1faff, columns: 2 },
  { first: 0x20000, last: 0x3fffd, columns: 2 },
];

export function textWidth(text: string, fontSize: number): number {
  const columns = [...text].reduce((sum, character) => sum + columnsOf(character), 0);
  return 2 * Math.ceil((columns * advanceEm * fontSize) / 2);
}

function columnsOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return columnsOfBlocks.find((block) => point >= block.first && point <= block.last)?.columns ?? 1;
}
