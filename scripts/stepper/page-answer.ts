/** A page of memory or a block of the disk: whose it is, what it holds, its bytes. */
import { pageSizeBytes } from '../../image/pfn.ts';
import { zeroContent } from '../../kernels/memory/contents.ts';
import type { Answer } from './answer.ts';
import { diskRanges, memoryRanges, rangeNameAt } from './memory-ranges.ts';
import type { Session } from './session.ts';
import { hex } from './step-lines.ts';
import { contentAt, type Thing } from './thing.ts';
import { contentText } from './thing-change.ts';

const bytesPerRow = 16;
/** Of a page that holds more, the first rows that hold something. */
const rowLimit = 16;

export function pageAnswer({ rules, world }: Session, page: NonNullable<Thing['page']>): Answer {
  const { space, index } = page;
  const id = contentAt(world, page);
  const isMemory = space === 'memory';
  const ranges = isMemory ? memoryRanges(rules, world) : diskRanges(rules.plan);
  const owner = rangeNameAt(ranges, index);
  const address = index * pageSizeBytes;
  const head = isMemory ? `page ${hex(index)}, address ${hex(address)}` : `block ${index}`;
  return {
    lines: [
      `${head}: ${owner}`,
      `  ${contentText(rules, id)}`,
      ...(id === zeroContent ? [] : dump(rules.contents.bytes(id), address)),
    ],
    data: { index, space, owner, content: id, sha256: rules.contents.digest(id) },
  };
}

/** Rows of zeros are left out: a star stands for them, as in hexdump(1). */
function dump(bytes: Uint8Array, address: number): readonly string[] {
  const lines: string[] = [];
  let isSkipping = false;
  for (let offset = 0; offset < bytes.length; offset += bytesPerRow) {
    const row = bytes.subarray(offset, offset + bytesPerRow);
    const isZero = row.every((byte) => byte === 0);
    if (!isZero && lines.length >= rowLimit) return [...lines, '  and more'];
    if (!isZero) lines.push(`  ${rowText(row, address + offset)}`);
    else if (!isSkipping) lines.push('  *');
    isSkipping = isZero;
  }
  return lines;
}

function rowText(row: Uint8Array, address: number): string {
  const numbers = Array.from(row, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  const text = Array.from(row, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.',
  ).join('');
  return `${address.toString(16).padStart(10, '0')}  ${numbers}  ${text}`;
}
