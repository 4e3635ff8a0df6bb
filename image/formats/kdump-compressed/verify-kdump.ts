/**
 * Verifies a kdump: descriptors lie one behind the other and so do their data, which leaves no byte of the file without an owner; then
 * every page is read.
 */
import { hex } from '../../image-error.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Source } from '../../sink.ts';
import { readEveryPage } from '../../verify-image.ts';
import type { VerifyOptions, VerifyReport } from '../image-format.ts';
import { statusBits } from './headers.ts';
import { allDescriptors, type KdumpFile } from './kdump-file.ts';
import { kdumpMemory } from './kdump-memory.ts';
import { kdumpDamage } from './kdump-problems.ts';
import { openParts } from './open-parts.ts';

export async function verifyKdump(source: Source, options: VerifyOptions): Promise<VerifyReport> {
  const files = openParts(source, options.parts ?? []);
  const problems = files.flatMap((file) => [...kdumpDamage(file), ...placeProblems(file)]);
  return readEveryPage({ memory: kdumpMemory(files), problems }, options);
}

/** Problems beyond these many are not told one by one. */
const toldProblems = 20;

/** makedumpfile appends data as it goes: each page begins where the one before ended, behind the shared page of zeros if there is one. */
function placeProblems(file: KdumpFile): string[] {
  const { source, dataOffset, headers } = file;
  const isComplete = (headers.status & statusBits.incomplete) === 0;
  const problems: string[] = [];
  let next = dataOffset;
  for (const { offset, sizeBytes } of allDescriptors(file)) {
    const isMissing = offset === 0 && !isComplete;
    const isShared = offset === dataOffset && next > dataOffset;
    if (isMissing || isShared) continue;
    const isBehindZeros = next === dataOffset && offset === dataOffset + pageSizeBytes;
    if (offset !== next && !isBehindZeros)
      problems.push(`the data of a page begins at offset ${hex(offset)}, expected ${hex(next)}`);
    if (problems.length >= toldProblems) return [...problems, 'and perhaps more'];
    next = offset + sizeBytes;
  }
  const end = Math.max(
    next,
    headers.eraseInfo.sizeBytes > 0 ? headers.eraseInfo.offset + headers.eraseInfo.sizeBytes : 0,
  );
  if (isComplete && end !== source.length && source.length > dataOffset + pageSizeBytes) {
    problems.push(`the data ends at offset ${hex(end)}, the file at ${hex(source.length)}`);
  }
  return problems;
}
