/**
 * Two images page by page: frames that only one of them has, frames that differ, and how many are the same. Pages are compared by their
 * bytes, however they are stored; a frame that both leave out is no difference.
 */
import type { ProgressReport } from './formats/image-format.ts';
import { batchPages, type MemoryImage, type PageKind } from './memory-image.ts';
import type { Packer } from './packer.ts';
import { batchesOfPages, pageBatches } from './page-batches.ts';
import { type Pfn, pageSizeBytes, pfn } from './pfn.ts';
import { type SharedRun, sharedRuns } from './shared-runs.ts';

export type DifferenceKind = 'onlyFirst' | 'onlySecond' | 'different' | 'damaged';
export type Difference = { readonly startPfn: Pfn; readonly count: number; readonly kind: DifferenceKind };

export type Comparing = { readonly packer: Packer; readonly progress?: ProgressReport };

/** Differences ascending, runs of one kind each; returns how many pages are the same. */
export async function* diffImages(
  first: MemoryImage,
  second: MemoryImage,
  { packer, progress }: Comparing,
): AsyncGenerator<Difference, number> {
  let total = 0;
  for (const { count } of sharedRuns(first, second)) total += count;
  let done = 0;
  let same = 0;
  for (const run of sharedRuns(first, second)) {
    const differences = differencesIn(run, [first, second], packer);
    same += yield* counted(differences, run);
    done += run.count;
    progress?.({ what: 'Comparing pages', done, total });
  }
  return same;
}

/** A run of which both have pages is the same but for its differences. */
async function* counted(
  differences: AsyncIterable<Difference>,
  run: SharedRun,
): AsyncGenerator<Difference, number> {
  let different = 0;
  for await (const difference of differences) {
    different += difference.count;
    yield difference;
  }
  const isNowhere = run.kinds.every((kind) => held(kind) === undefined);
  return isNowhere ? 0 : run.count - different;
}

async function* differencesIn(
  { startPfn, count, kinds }: SharedRun,
  [first, second]: readonly [MemoryImage, MemoryImage],
  packer: Packer,
): AsyncGenerator<Difference> {
  const [one, other] = [held(kinds[0]), held(kinds[1])];
  if (one === undefined && other === undefined) return;
  if (other === undefined) yield { startPfn, count, kind: 'onlyFirst' };
  else if (one === undefined) yield { startPfn, count, kind: 'onlySecond' };
  else if (one !== 'zero' || other !== 'zero') {
    const sides = [
      { memory: first, kind: one },
      { memory: second, kind: other },
    ] as const;
    for (const piece of piecesOf(startPfn, count)) yield* await comparePiece(piece, sides, packer);
  }
}

type HeldKind = 'stored' | 'zero' | 'partial';

const held = (kind: PageKind | undefined): HeldKind | undefined =>
  kind === 'stored' || kind === 'zero' || kind === 'partial' ? kind : undefined;

type Piece = { readonly startPfn: Pfn; readonly count: number };
type Side = { readonly memory: MemoryImage; readonly kind: HeldKind };

function* piecesOf(startPfn: Pfn, count: number): Generator<Piece> {
  for (let done = 0; done < count; done += batchPages)
    yield { startPfn: pfn(startPfn + done), count: Math.min(batchPages, count - done) };
}

async function comparePiece(
  piece: Piece,
  sides: readonly [Side, Side],
  packer: Packer,
): Promise<Difference[]> {
  const [one, other] = await Promise.all([
    pagesOf(sides[0], piece, packer),
    pagesOf(sides[1], piece, packer),
  ]);
  const differences: { startPfn: Pfn; count: number; kind: DifferenceKind }[] = [];
  for (let index = 0; index < piece.count; index += 1) {
    const frame = pfn(piece.startPfn + index);
    const at = index * pageSizeBytes;
    const isDamaged = one.lost.has(frame) || other.lost.has(frame);
    const isSame =
      Buffer.compare(
        one.bytes.subarray(at, at + pageSizeBytes),
        other.bytes.subarray(at, at + pageSizeBytes),
      ) === 0;
    if (isSame && !isDamaged) continue;
    const kind = isDamaged ? 'damaged' : 'different';
    const last = differences.at(-1);
    if (last?.kind === kind && last.startPfn + last.count === frame) last.count += 1;
    else differences.push({ startPfn: frame, count: 1, kind });
  }
  return differences;
}

/** Packed images unpack many pages at once: for fewer than these, page by page is less work. */
const shortRun = 64;

type Pages = { readonly bytes: Uint8Array; readonly lost: ReadonlySet<number> };

async function pagesOf({ memory, kind }: Side, { startPfn, count }: Piece, packer: Packer): Promise<Pages> {
  const bytes = new Uint8Array(count * pageSizeBytes);
  const lost = new Set<number>();
  if (kind === 'zero') return { bytes, lost };
  const wanted = [{ startPfn, count, kind }];
  const isWorthIt = kind === 'stored' && count >= shortRun;
  const batches = isWorthIt ? pageBatches(memory, wanted, packer) : batchesOfPages(memory, wanted);
  let at = 0;
  for await (const batch of batches) {
    bytes.set(batch.bytes, at);
    at += batch.bytes.length;
    for (const { frame } of batch.lost) lost.add(frame);
  }
  return { bytes, lost };
}
