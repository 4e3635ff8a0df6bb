/** A dump in one file, or in the files that makedumpfile --split wrote. */
import { ImageError } from '../../image-error.ts';
import type { Source } from '../../sink.ts';
import { type KdumpFile, openKdump } from './kdump-file.ts';

/** Parts of one dump agree on the machine and do not overlap; in which order they are given is all the same. */
export function openParts(source: Source, parts: readonly Source[]): readonly [KdumpFile, ...KdumpFile[]] {
  const first = openKdump(source);
  const others = parts.map(openKdump);
  const files = [first, ...others].sort((one, other) => startOf(one) - startOf(other));
  for (const [index, file] of files.entries()) {
    const next = files[index + 1];
    if (file.headers.frameCount !== first.headers.frameCount) {
      throw partsDiffer(`${first.headers.frameCount} frames in each`, `${file.headers.frameCount}`);
    }
    const end = file.headers.part?.endPfn ?? Number.POSITIVE_INFINITY;
    if (next !== undefined && end > startOf(next)) {
      throw partsDiffer('parts that do not overlap', `one up to frame ${end} and one from ${startOf(next)}`);
    }
  }
  return [files[0] ?? first, ...files.slice(1)];
}

const startOf = ({ headers: { part } }: KdumpFile): number => part?.startPfn ?? 0;

const partsDiffer = (expected: string, found: string): ImageError =>
  new ImageError('kdump.parts-differ', { offset: 0, expected, found });
