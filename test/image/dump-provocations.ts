import { kernelOf } from '../../image/filter/filter-memory.ts';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import { kdumpCompressed } from '../../image/formats/kdump-compressed/index.ts';
import { writeKdump } from '../../image/formats/kdump-compressed/write-kdump.ts';
import { kdumpFlattened } from '../../image/formats/kdump-flattened/index.ts';
import { kernelFacts } from '../../image/linux/kernel-facts.ts';
import { kernelMemory } from '../../image/linux/kernel-memory.ts';
import { logRecords } from '../../image/linux/log-records.ts';
import { type MemoryFile, memoryFile } from '../../image/memory-file.ts';
import type { MemoryImage } from '../../image/memory-image.ts';
import { packHere } from '../../image/packer.ts';
import { wholeBatches } from '../../image/page-batches.ts';
import { pfn } from '../../image/pfn.ts';
import { sampleDump } from './sample-dump.ts';

type Change = readonly [offset: number, ...bytes: number[]];

const memory = vmcoreElf.read(sampleDump()).memory;

/** Header block, sub header block, bitmaps of a block each, descriptors from 0x4000 on. */
export async function kdump(...changes: readonly Change[]): Promise<MemoryFile> {
  const file = memoryFile();
  await writeKdump(memory, file, { codec: 'zlib', packer: packHere });
  return changed(file, changes);
}

async function flat(...changes: readonly Change[]): Promise<MemoryFile> {
  const file = memoryFile();
  await kdumpFlattened.write?.(memory, file, { codec: 'zlib', packer: packHere });
  return changed(file, changes);
}

function changed(file: MemoryFile, changes: readonly Change[]): MemoryFile {
  for (const [offset, ...bytes] of changes) file.writeAt(offset, Uint8Array.from(bytes));
  return file;
}

const descriptors = 0x4000;
/** Of frame 0x1001: 0x9e frames of low memory and 0xf01 above it come before. */
const firstPacked = 0x9e + 0xf01;

const damagedMemory: MemoryImage = {
  ...memory,
  batches: async function* batches(wanted) {
    for (const run of wanted)
      yield {
        runs: [run],
        bytes: new Uint8Array(run.count * 4096),
        lost: [{ frame: run.startPfn, reason: 'torn' }],
      };
  },
};

/** A ring of more records than any kernel has. */
const damagedLog = (): unknown => {
  const facts = kernelFacts(ringFacts);
  const words = new Uint8Array(4096);
  new DataView(words.buffer).setUint32(8, 60, true);
  const kernel = { ...kernelMemory({ readPage: () => words }, facts), read: () => words, readWord: () => 0n };
  return [...logRecords(kernel)];
};

const ringFacts = [
  'SYMBOL(prb)=ffffffff81000000',
  'SYMBOL(init_top_pgt)=ffffffff81000000',
  'NUMBER(phys_base)=0',
  'SIZE(printk_ringbuffer)=88',
  'OFFSET(printk_ringbuffer.desc_ring)=8',
  'OFFSET(printk_ringbuffer.text_data_ring)=48',
  'OFFSET(prb_desc_ring.count_bits)=0',
  'OFFSET(prb_data_ring.size_bits)=0',
  'OFFSET(atomic_long_t.counter)=0',
].join('\n');

/** One way to provoke each code that dumps and what is read out of them have. */
export const dumpProvocations = {
  'kdump.no-magic': () => kdumpCompressed.read(memoryFile64()),
  'kdump.unsupported': async () => kdumpCompressed.read(await kdump([8, 7])),
  'kdump.bad-header': async () => kdumpCompressed.read(await kdump([436, 0, 0])),
  'kdump.bad-descriptor': async () =>
    kdumpCompressed.read(await kdump([descriptors + 12, 0x80])).memory.readPage(pfn(1)),
  'kdump.damaged-page': async () =>
    kdumpCompressed.read(await kdump([descriptors + firstPacked * 24 + 8, 9])).memory.readPage(pfn(0x1001)),
  'kdump.parts-differ': async () => kdumpCompressed.read(await kdump(), { parts: [await kdump()] }),
  'flat.bad-header': async () => kdumpFlattened.read(await flat([31, 2])),
  'flat.bad-record': async () => kdumpFlattened.read(await flat([4096, 0x80])),
  'flat.unknown-inside': async () => kdumpFlattened.read(await flat([4096 + 16, 0])),
  'memory.lost-page': async () => {
    for await (const _batch of wholeBatches(damagedMemory, memory.runs(), packHere));
  },
  'format.no-such-codec': () => writeKdump(memory, memoryFile(), { codec: 'lz4', packer: packHere }),
  'kernel.missing-fact': () => kernelFacts('PAGESIZE=4096').symbol('prb'),
  'kernel.unmapped': () =>
    kernelMemory({ readPage: () => new Uint8Array(4096) }, kernelFacts(ringFacts)).read(0n, 1),
  'kernel.not-found': () => kernelOf({ ...memory, vmcoreinfo: undefined }),
  'log.damaged': damagedLog,
};

function memoryFile64(): MemoryFile {
  const file = memoryFile();
  file.setLength(8192);
  return file;
}
