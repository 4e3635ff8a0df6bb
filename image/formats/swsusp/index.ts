/**
 * Hibernation images on swap, as the kernel writes them (swsusp): a swap partition, or a device with a swap file on it, told by the
 * offset of the file's header page.
 *
 *   header page -> map page -> map page -> ...      page numbers count from the start of the device
 *                     |-> info page
 *                     |-> frame list and data, plain or in packed units of 32 pages        (../snapshot-stream)
 *
 *   header-page    the first page, signature, flags          map-chain, stored-pages   which pages of the device, in which order
 *   units, packed-pages, plain-pages  the stream behind      open-swsusp               all of it put together
 *   data-crc, verify-swsusp, protection                      map-writer, swap-settings, write-swsusp   the way back
 *
 * Reads images that wait for a boot and images that were consumed, and says which. Leaves out: other architectures' info pages, and
 * images that user space wrote onto swap in forms of its own (ULSUSPEND, LINHIB0001).
 * Sources: Linux 6.12 kernel/power/swap.c (linux.md C.1).
 */
import { hex } from '../../image-error.ts';
import { readPhysicalFrom } from '../../physical-reader.ts';
import type { Source } from '../../sink.ts';
import type {
  ImageContents,
  ImageFormat,
  ReadOptions,
  VerifyOptions,
  VerifyReport,
} from '../image-format.ts';
import { snapshotFacts } from '../snapshot-stream/snapshot-facts.ts';
import { type SnapshotMemory, snapshotMemory } from '../snapshot-stream/snapshot-memory.ts';
import { codecOf, flagNames, isSwapSignature, looksLikeHeaderPage, unknownFlags } from './header-page.ts';
import { openSwsusp, type SwsuspImage } from './open-swsusp.ts';
import { swsuspProtection } from './protection.ts';
import { swapSettings } from './swap-settings.ts';
import { verifySwsusp } from './verify-swsusp.ts';
import { swsuspCodecs, writeSwsusp } from './write-swsusp.ts';

export const swsusp: ImageFormat = {
  name: 'swsusp',
  describe: 'hibernation image of the kernel on a swap partition, or in a swap file told by its offset',
  sniff: looksLikeHeaderPage,
  read,
  write: writeSwsusp,
  codecs: swsuspCodecs,
  settings: swapSettings,
  protection: swsuspProtection,
  verify,
};

function read(source: Source, options?: ReadOptions): ImageContents {
  const image = openSwsusp(source, options);
  return contentsOf(image, snapshotMemory(image.info, image.stream));
}

async function verify(source: Source, options: VerifyOptions): Promise<VerifyReport> {
  const image = openSwsusp(source, options);
  const snapshot = snapshotMemory(image.info, image.stream);
  const report = await verifySwsusp(image, snapshot.frames, options);
  return { ...report, problems: [...problemsOf(image, snapshot), ...report.problems] };
}

function contentsOf(image: SwsuspImage, snapshot: SnapshotMemory): ImageContents {
  const { header, map, info } = image;
  const { frames, memory } = snapshot;
  return {
    pageCount: frames.frameCount,
    facts: [
      ['state', image.state],
      ['signature', header.signature],
      ['original signature', header.originalSignature],
      ['compression', codecOf(header)],
      ['flags', `${hex(header.flags)} (${flagNames(header).join(', ')})`],
      ['crc32', `0x${header.crc.toString(16).padStart(8, '0')}`],
      ['hardware signature', `0x${header.hardwareSignature.toString(16).padStart(8, '0')}`],
      ['first map page', String(header.firstMapPage)],
      ['map pages', String(map.chain.mapPages.length)],
      ['stored pages', String(map.chain.storedCount)],
      ['swap pages', String(header.lastPage + 1)],
      ...snapshotFacts(info, frames),
    ],
    problems: problemsOf(image, snapshot),
    readPhysical: readPhysicalFrom(memory),
    memory,
  };
}

function problemsOf(image: SwsuspImage, { problems }: SnapshotMemory): string[] {
  const { header, state, map, units, info } = image;
  const found: string[] = [];
  if (state === 'consumed')
    found.push(
      'the image was consumed: the swap area has its own signature again, a boot finds no image, and pages may have been overwritten since',
    );
  if (state === 'none') found.push('there is no signature of an image: a boot finds none');
  if (!isSwapSignature(header.originalSignature))
    found.push(`the swap area would get the signature "${printable(header.originalSignature)}" back`);
  if (unknownFlags(header) !== 0) found.push(`flags ${hex(unknownFlags(header))} are not known`);
  if (map.damage !== undefined) found.push(map.damage.message);
  if (units?.damage !== undefined) found.push(units.damage.message);
  const twice = map.chain.twice();
  if (twice !== undefined) found.push(`page ${hex(twice)} of the device is in the map more than once`);
  const usedPages = units === undefined ? info.pages : units.endStoredIndex;
  if (usedPages !== map.chain.storedCount && units?.damage === undefined)
    found.push(`the map names ${map.chain.storedCount} pages, the image has ${usedPages}`);
  return [...found, ...problems];
}

const printable = (text: string): string => text.replaceAll(/[^ -~]/g, '?');
