/** A range of memory by physical or kernel address, and its bytes page by page. */
import { ImageError } from '../../image/image-error.ts';
import type { KernelMemory } from '../../image/linux/kernel-memory.ts';
import type { MemoryImage } from '../../image/memory-image.ts';
import { type PhysicalAddress, pageSizeBytes, physical } from '../../image/pfn.ts';
import { readPhysicalFrom } from '../../image/physical-reader.ts';
import type { Run } from '../../image/sink.ts';
import { OptionError } from '../../machines/options/option-error.ts';

export type MemoryRange = { readonly start: bigint; readonly sizeBytes: number; readonly isVirtual: boolean };

/** The upper half of the address space is the kernel's (four levels; with five it begins lower, and no memory is that large). */
const kernelHalf = 0xff00000000000000n;

export function rangeOf(text: string): MemoryRange {
  const [, first = '', sign = '', second = ''] = /^([0-9a-fx]+)([+-])([0-9a-fx]+)$/i.exec(text) ?? [];
  const start = numberOf(first);
  const other = numberOf(second);
  const size = start === undefined || other === undefined ? undefined : sign === '+' ? other : other - start;
  if (start !== undefined && size !== undefined && size > 0n && size <= BigInt(Number.MAX_SAFE_INTEGER))
    return { start, sizeBytes: Number(size), isVirtual: start >= kernelHalf };
  throw new OptionError('option.size', {
    option: '--range',
    expected: 'START+SIZE or START-END, such as 0x1000+256',
    found: text,
  });
}

const numberOf = (text: string): bigint | undefined =>
  /^(0x[0-9a-f]{1,16}|\d{1,20})$/i.test(text) ? BigInt(text) : undefined;

export function* rangePieces(
  { start, sizeBytes, isVirtual }: MemoryRange,
  memory: MemoryImage,
  kernel: KernelMemory | undefined,
): Generator<Run> {
  const readPhysical = readPhysicalFrom(memory);
  for (let offset = 0; offset < sizeBytes; ) {
    const address = start + BigInt(offset);
    const count = Math.min(sizeBytes - offset, pageSizeBytes - Number(address & 0xfffn));
    const place = isVirtual ? translated(kernel, address) : physicalOf(address);
    yield { offset, bytes: readPhysical(place, count) };
    offset += count;
  }
}

function translated(kernel: KernelMemory | undefined, address: bigint): PhysicalAddress {
  const place = kernel?.translate(address);
  if (place !== undefined) return place;
  const found = kernel === undefined ? 'no page tables: the image has no VMCOREINFO' : 'no mapping';
  throw new ImageError('kernel.unmapped', {
    offset: 0,
    expected: `a mapping of the kernel address 0x${address.toString(16)}`,
    found,
  });
}

function physicalOf(address: bigint): PhysicalAddress {
  if (address <= BigInt(Number.MAX_SAFE_INTEGER)) return physical(Number(address));
  throw new ImageError('memory.not-in-image', {
    offset: Number.MAX_SAFE_INTEGER,
    expected: 'an address below 2^53',
    found: `0x${address.toString(16)}`,
  });
}
