/**
 * The image on B's partition, as it is on the medium: read as a stranger would read it, and by contents.
 *
 * Reading and checking it costs what was saved, so it is done once for each image: several laws ask for the same one.
 */
import { readVmcore, type Vmcore } from '../../image/formats/elf/vmcore.ts';
import { checkData, inspectSaved, type SavedImage } from '../../image/formats/saved-partition/open-saved.ts';
import { ImageError } from '../../image/image-error.ts';
import { dumpPartition } from '../../kernels/executors/save-partition.ts';
import { readSavedImage } from '../../kernels/executors/save-source.ts';
import type { Contents } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Rules } from '../system/world.ts';
import { momentView, type Viewed } from './moment-view.ts';

export type CommittedImage =
  | { readonly type: 'image.none'; readonly reason: string }
  /** Used once, and not to be used again. */
  | { readonly type: 'image.consumed'; readonly saved: SavedImage; readonly reason: string }
  /** There is a commit, but what it promises is not there. */
  | { readonly type: 'image.broken'; readonly saved: SavedImage; readonly reason: string }
  | { readonly type: 'image.whole'; readonly saved: SavedImage; readonly vmcore: Vmcore };

const known = new WeakMap<PageMap, CommittedImage>();

/** Media that differ in A's file system only have the same image: runs that are forks of one another ask again and again. */
const seen: { readonly contents: Contents; readonly medium: PageMap; readonly image: CommittedImage }[] = [];
const seenLimit = 4;

export function committedImage(rules: Rules, moment: Viewed): CommittedImage {
  const before = known.get(moment.medium);
  if (before !== undefined) return before;
  const same = seen.find(({ contents, medium }) => {
    return contents === rules.contents && !isPartitionChanged(rules, medium, moment.medium);
  });
  const image = same?.image ?? readImage(rules, moment);
  known.set(moment.medium, image);
  if (same === undefined) seen.unshift({ contents: rules.contents, medium: moment.medium, image });
  seen.length = Math.min(seen.length, seenLimit);
  return image;
}

function isPartitionChanged({ plan }: Rules, one: PageMap, other: PageMap): boolean {
  const { start, count } = dumpPartition({ plan });
  for (const change of one.differences(other))
    if (change.index < start + count && change.index + change.count > start) return true;
  return false;
}

function readImage(rules: Rules, moment: Viewed): CommittedImage {
  const source = readSavedImage(momentView(rules, moment));
  const opened = attempt(() => inspectSaved(source));
  if (opened instanceof ImageError) return { type: 'image.none', reason: opened.message };
  const vmcore = attempt(() => {
    checkData(source, opened);
    return readVmcore(opened.data);
  });
  if (vmcore instanceof ImageError) return { type: 'image.broken', saved: opened, reason: vmcore.message };
  if (opened.commit.state === 'consumed')
    return { type: 'image.consumed', saved: opened, reason: 'it was loaded and is used up' };
  return { type: 'image.whole', saved: opened, vmcore };
}

/** What bad bytes end in; our own mistakes are not caught. */
function attempt<T extends object>(read: () => T): T | ImageError {
  try {
    return read();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
}
