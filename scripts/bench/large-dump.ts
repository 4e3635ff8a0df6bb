/**
 * A dump to measure with: 2 GiB of a machine whose kept part is 640 MB, with just enough of a kernel that makedumpfile filters it: page
 * tables, mem_section, an array of `struct page`, VMCOREINFO. Blocks of 4 MiB take turns: kept, free, cache and memory of processes.
 *
 * Kept pages are those of node itself, over and over: pages are packed one by one, so that repetition changes nothing. Written anew for each
 * run, sparse where memory is free.
 */
import { writeElf } from '../../image/formats/elf/write-elf.ts';
import type { MemoryImage, MemoryRun } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { diskFiles } from '../cli/disk-files.ts';
import { nodePages } from './node-pages.ts';

const ramBytes = 2 ** 31;
const frameCount = ramBytes / pageSizeBytes;
const blockFrames = 1024;
/** 64 MiB of node: all of its code. */
const sampleBytes = 2 ** 26;
/** Kernel image, tables and the array below; blocks from here on. */
const firstBlockFrame = 0x4000;

/** Addresses of Linux without KASLR (linux.md D.4), and places within the image. */
const imageStart = 0xffffffff81000000n;
const imagePhysical = 0x1000000;
const vmemmap = 0xffffea0000000000n;
const directMap = 0xffff888000000000n;
const arrayPhysical = 0x2000000;
const place = {
  root: 0,
  image3: 1,
  image2: 2,
  direct3: 3,
  array3: 4,
  array2: 5,
  sections: 6,
  sectionRoot: 7,
  uts: 8,
} as const;

export async function writeLargeDump(path: string): Promise<void> {
  const memory = largeMemory(nodePages(sampleBytes));
  await diskFiles.writeSlowly(path, (sink) => writeElf(memory, sink, { codec: 'none', packer: packHere }));
}

function largeMemory(pages: readonly Uint8Array[]): MemoryImage {
  const kernel = kernelPages();
  const readPage = (frame: Pfn): Uint8Array => {
    const own = kernel.get(frame);
    if (own !== undefined) return own;
    const arrayFrame = frame - arrayPhysical / pageSizeBytes;
    if (arrayFrame >= 0 && arrayFrame < (frameCount * 64) / pageSizeBytes) return structPages(arrayFrame);
    return isKept(frame) ? (pages[frame % pages.length] ?? zeroPage) : zeroPage;
  };
  return {
    runs: () => [run(1, firstBlockFrame - 1, 'stored'), ...blockRuns()],
    readPage,
    cpus: [],
    vmcoreinfo: vmcoreinfo(),
    machine: {
      takenAtSeconds: 1,
      addressMap: {
        directMap: directMap.toString(16),
        image: { virtual: imageStart.toString(16), physical: physical(imagePhysical), sizeBytes: 0x1000000 },
      },
    },
  };
}

const zeroPage = new Uint8Array(pageSizeBytes);

const run = (startPfn: number, count: number, kind: MemoryRun['kind']): MemoryRun => ({
  startPfn: pfn(startPfn),
  count,
  kind,
});

const blockKind = (frame: number): number => Math.floor((frame - firstBlockFrame) / blockFrames) % 3;
const isKept = (frame: number): boolean => frame >= firstBlockFrame && blockKind(frame) === 0;

function* blockRuns(): Generator<MemoryRun> {
  for (let frame = firstBlockFrame; frame < frameCount; frame += blockFrames)
    yield run(frame, blockFrames, isKept(frame) ? 'stored' : 'zero');
}

/** Flags and types as linux.md D.5 has them: reserved, free of order 10, cache, and memory of processes. */
function structPages(arrayFrame: number): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < 64; index += 1) {
    const frame = arrayFrame * 64 + index;
    const at = index * 64;
    view.setUint32(at + 48, 0xffffffff, true);
    if (frame < firstBlockFrame || isKept(frame)) view.setUint32(at, 1 << 13, true);
    else if (blockKind(frame) === 1) {
      if (frame % blockFrames === 0) view.setUint32(at + 48, 0xf0000000, true);
      view.setUint32(at + 40, 10, true);
    } else {
      view.setUint32(at, 1 << 5, true);
      view.setUint32(at + 24, frame % 2 === 0 ? 0x1001 : 0x1000, true);
    }
  }
  return bytes;
}

function kernelPages(): ReadonlyMap<number, Uint8Array> {
  const frameOf = (name: keyof typeof place): number => imagePhysical / pageSizeBytes + place[name];
  const table = (entries: readonly (readonly [index: number, value: number])[]): Uint8Array => {
    const bytes = new Uint8Array(pageSizeBytes);
    const view = new DataView(bytes.buffer);
    for (const [index, value] of entries) view.setBigUint64(index * 8, BigInt(value), true);
    return bytes;
  };
  const to = (name: keyof typeof place): number => frameOf(name) * pageSizeBytes + 0x63;
  const leaves = (start: number, count: number, sizeBytes: number): [number, number][] =>
    Array.from({ length: count }, (_, index) => [index, start + index * sizeBytes + 0xe3]);
  const sections = new Uint8Array(pageSizeBytes);
  for (let section = 0; section < frameCount / 32_768; section += 1) {
    const view = new DataView(sections.buffer);
    view.setBigUint64(section * 16, vmemmap + 3n, true);
    // What the usage of a section points to is no section: by that makedumpfile tells the table from its first page.
    view.setBigUint64(section * 16 + 8, directMap + BigInt(frameOf('sections') * pageSizeBytes + 2048), true);
  }
  const sectionRoots = new Uint8Array(pageSizeBytes);
  const rootAddress = directMap + BigInt(frameOf('sectionRoot') * pageSizeBytes);
  new DataView(sectionRoots.buffer).setBigUint64(0, rootAddress, true);
  new DataView(sectionRoots.buffer).setBigUint64(2048, 0x1235n, true);
  const uts = new Uint8Array(pageSizeBytes);
  for (const [index, text] of ['Linux', 'bench', '6.12.0', '#1', 'x86_64', '(none)'].entries())
    uts.set(Buffer.from(text), index * 65);
  return new Map([
    [
      frameOf('root'),
      table([
        [511, to('image3')],
        [273, to('direct3')],
        [468, to('array3')],
      ]),
    ],
    [frameOf('image3'), table([[510, to('image2')]])],
    [
      frameOf('image2'),
      table(
        leaves(0, 16, 2 ** 21).map(([index, value]): [number, number] => [index + 8, value + imagePhysical]),
      ),
    ],
    [frameOf('direct3'), table(leaves(0, 2, 2 ** 30))],
    [frameOf('array3'), table([[0, to('array2')]])],
    [frameOf('array2'), table(leaves(arrayPhysical, (frameCount * 64) / 2 ** 21, 2 ** 21))],
    [frameOf('sections'), sectionRoots],
    [frameOf('sectionRoot'), sections],
    [frameOf('uts'), uts],
  ]);
}

function vmcoreinfo(): string {
  const symbol = (name: keyof typeof place): string =>
    (imageStart + BigInt(place[name] * pageSizeBytes)).toString(16);
  return `${[
    'OSRELEASE=6.12.0',
    'PAGESIZE=4096',
    `SYMBOL(init_uts_ns)=${symbol('uts')}`,
    'OFFSET(uts_namespace.name)=0',
    `SYMBOL(swapper_pg_dir)=${symbol('root')}`,
    `SYMBOL(_stext)=${imageStart.toString(16)}`,
    `SYMBOL(vmemmap)=${vmemmap.toString(16)}`,
    `SYMBOL(mem_section)=${symbol('sections')}`,
    'LENGTH(mem_section)=2048',
    'SIZE(mem_section)=16',
    'OFFSET(mem_section.section_mem_map)=0',
    'NUMBER(SECTION_SIZE_BITS)=27',
    'NUMBER(MAX_PHYSMEM_BITS)=46',
    'SIZE(page)=64',
    'OFFSET(page.flags)=0',
    'OFFSET(page._refcount)=52',
    'OFFSET(page.mapping)=24',
    'OFFSET(page.lru)=8',
    'OFFSET(page._mapcount)=48',
    'OFFSET(page.private)=40',
    'OFFSET(page.compound_head)=8',
    'NUMBER(PG_lru)=5',
    'NUMBER(PG_private)=14',
    'NUMBER(PG_swapcache)=10',
    'NUMBER(PG_swapbacked)=17',
    'NUMBER(PG_head_mask)=64',
    'NUMBER(PAGE_BUDDY_MAPCOUNT_VALUE)=-268435456',
    'NUMBER(phys_base)=0',
    `SYMBOL(init_top_pgt)=${symbol('root')}`,
    'NUMBER(pgtable_l5_enabled)=0',
    'KERNELOFFSET=0',
    'NUMBER(KERNEL_IMAGE_SIZE)=536870912',
    'NUMBER(sme_mask)=0',
  ].join('\n')}\n`;
}
