/**
 * The other way to fuzz: an image says of each of its ranges what notices a change there, and bits are flipped in every range to see
 * whether that is so. In `checked` and `structural` ranges every flip must be noticed or harmless; in `unprotected` ones it is counted.
 *
 * Noticed: refused, or read with a problem or a lost page more. Harmless: read as the very same memory. Told: read as other memory,
 * with other frames or facts that `image info` shows; enough for `structural`, which promises no more. Failed: anything
 * thrown but an ImageError, which no range allows.
 */
import { createHash } from 'node:crypto';
import type { ImageFormat, ProtectedRange } from '../../image/formats/image-format.ts';
import { ImageError } from '../../image/image-error.ts';
import { pfn } from '../../image/pfn.ts';
import { sourceOf } from '../../image/sink.ts';
import { seededChoices } from '../../machines/system/choices.ts';
import { codecsOf, type Read, readAndVerify, sampleImage, type WritableFormat } from './format-targets.ts';
import { flip } from './mutation.ts';

export type FlipCounts = Record<'noticed' | 'harmless' | 'told' | 'unnoticed' | 'failed', number>;

export type FlipResult = {
  readonly format: string;
  readonly codec: string;
  /** By kind and name of the range. */
  readonly ranges: Readonly<Record<string, FlipCounts>>;
  /** Flips that a promise does not allow. */
  readonly findings: readonly { readonly bit: number; readonly range: string; readonly outcome: string }[];
};

type Known = { readonly memory: string; readonly told: string; readonly problems: number };

export async function flipEverywhere(
  format: WritableFormat,
  { seed, flipsInRange }: { readonly seed: number; readonly flipsInRange: number },
): Promise<readonly FlipResult[]> {
  const results: FlipResult[] = [];
  if (format.protection === undefined) return results;
  for (const codec of codecsOf(format)) {
    const image = await sampleImage(format, codec);
    const known = knownOf(await readAndVerify(format, image));
    const { choose } = seededChoices(seed);
    const ranges: Record<string, FlipCounts> = {};
    const findings: { bit: number; range: string; outcome: string }[] = [];
    for (const range of format.protection(sourceOf(image))) {
      const name = `${range.kind}: ${range.what}`;
      const counts = ranges[name] ?? { noticed: 0, harmless: 0, told: 0, unnoticed: 0, failed: 0 };
      ranges[name] = counts;
      for (const bit of bitsOf(range, flipsInRange, (count) => choose(count, 'a bit'))) {
        const outcome = await outcomeOfFlip(format, image, bit, known);
        counts[outcome] += 1;
        if (!isAllowed(range, outcome)) findings.push({ bit, range: name, outcome });
      }
    }
    results.push({ format: format.name, codec, ranges, findings });
  }
  return results;
}

/** All bits of a small range, else as many as asked for. */
function bitsOf({ offset, length }: ProtectedRange, most: number, pick: (count: number) => number): number[] {
  const bits = length * 8;
  return Array.from(
    { length: Math.min(bits, most) },
    (_, order) => offset * 8 + (bits <= most ? order : pick(bits)),
  );
}

async function outcomeOfFlip(
  format: ImageFormat,
  image: Uint8Array,
  bit: number,
  before: Known,
): Promise<keyof FlipCounts> {
  flip(image, bit);
  try {
    const after = knownOf(await readAndVerify(format, image));
    if (after.problems > before.problems) return 'noticed';
    if (after.memory === before.memory) return 'harmless';
    return after.told === before.told ? 'unnoticed' : 'told';
  } catch (error) {
    return error instanceof ImageError ? 'noticed' : 'failed';
  } finally {
    flip(image, bit);
  }
}

const isAllowed = ({ kind }: ProtectedRange, outcome: keyof FlipCounts): boolean =>
  outcome === 'noticed' ||
  outcome === 'harmless' ||
  (outcome === 'told' && kind !== 'checked') ||
  (outcome === 'unnoticed' && kind === 'unprotected');

function knownOf({ contents, report }: Read): Known {
  const { memory, facts } = contents;
  const runs = [...memory.runs()];
  const told = JSON.stringify([runs, facts]);
  const digest = createHash('sha256').update(told);
  digest.update(JSON.stringify([memory.vmcoreinfo, memory.machine, memory.notes, memory.cpus]));
  for (const { startPfn, count, kind } of runs) {
    if (kind !== 'stored') continue;
    for (let index = 0; index < count; index += 1) digest.update(memory.readPage(pfn(startPfn + index)));
  }
  return { memory: digest.digest('hex'), told, problems: report.problems.length + report.lost.length };
}
