/**
 * A box in which A has handed over to B, made by hand: A's memory is known page by page, the headers stand
 * where B's command line says, B has a disk. On demand, A's pages of B's range stand in backup frames, as
 * after the swap, and everywhere in its range B has written pages of its own.
 */
import { verifySaved } from '../../image/formats/saved-partition/open-saved.ts';
import { ImageError } from '../../image/image-error.ts';
import { addressOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import type { Source } from '../../image/sink.ts';
import type { Box } from '../../kernels/box.ts';
import type { Reply } from '../../kernels/commands.ts';
import { encodeBootParameters } from '../../kernels/executors/boot-parameters.ts';
import { initialiseNotes } from '../../kernels/executors/crash-notes.ts';
import { commitImage, flushImage, openVmcore, writeChunk } from '../../kernels/executors/save.ts';
import { elfcorehdrFor } from '../../kernels/executors/save-headers.ts';
import { readSavedImage } from '../../kernels/executors/save-source.ts';
import { mapOfLinux, rangesWithout } from '../../kernels/firmware-map.ts';
import { coreLoads, mapLimitedTo } from '../../kernels/kexec/range-of-dump-kernel.ts';
import type { FrameRange } from '../../kernels/linux/memory-layout.ts';
import { type ContentId, zeroContent } from '../../kernels/memory/contents.ts';
import type { PageMap } from '../../kernels/memory/page-map.ts';
import type { Plan } from '../../kernels/plan.ts';
import { item } from '../../kernels/shape.ts';
import { runningBox, takeOver } from '../devices/device-story.ts';
import type { SmallBox, SmallBoxOptions } from '../kit/small-box.ts';

export type SavingBox = {
  readonly small: SmallBox;
  /** At the jump, by A's own frame numbers. */
  readonly memoryOfA: PageMap;
  /** Contents that only B wrote. */
  readonly ofB: ReadonlySet<ContentId>;
};

export type SavingOptions = SmallBoxOptions & {
  readonly commandLine?: string;
  /** B's boot parameters describe all RAM (linux.md A1.8 row 1). */
  readonly bSeesAllMemory?: boolean;
  /** The last thing that A does. */
  readonly beforeJump?: (box: Box) => void;
  /** What B did before it looks for its headers. */
  readonly inB?: (box: Box) => void;
};

export const jumpBackEntry = 0x5f000f2;
/** Patterns: the seeds name who wrote them. */
const seeds = { original: 0xa0, dump: 0xb0 } as const;
/** Boot parameters and headers of B, at the top of its range. */
const keptPages = 5;

export function savingBox(options: SavingOptions = {}): SavingBox {
  const small = runningBox(options);
  const whereIs = backupsOf(small.plan);
  small.run((box) => {
    writeMemoryOfA(box);
    options.beforeJump?.(box);
  });
  const memoryOfA = small.memory();
  const ofB = new Set<ContentId>();
  small.run((box) => {
    takeRangeForB(box, whereIs);
    const own = ownRange(box.plan);
    box.memory.write(pfn(own.start + own.count - 1), pageWith(box, headersFor(box.plan, whereIs)));
    writeBootParameters(box, pfn(own.start + own.count - keptPages), options);
    box.machine.kernels.original.state = 'away';
    box.machine.kernels.dump.state = 'running';
    options.inB?.(box);
    const ofA = new Set(Array.from(memoryOfA.runs(), ({ id }) => id));
    for (const { start, count } of box.plan.layout.dumpRam) {
      for (const { id } of box.memory.runs(start, count)) if (!ofA.has(id)) ofB.add(id);
    }
  });
  takeOver(small, 'dump');
  return { small, memoryOfA, ofB };
}

/** B's range above 1 MiB. */
export const ownRange = ({ layout }: Plan): FrameRange => item(layout.dumpRam, layout.dumpRam.length - 1);

export const elfcorehdrAt = (plan: Plan): number =>
  addressOf(pfn(ownRange(plan).start + ownRange(plan).count - 1));

export const commandLineFor = (
  plan: Plan,
  wayBack = ` kexec_jump_back_entry=0x${hex16(jumpBackEntry)}`,
): string => `console=ttyS0,115200 elfcorehdr=${elfcorehdrAt(plan) / 1024}K${wayBack}`;

/** A box whose image is saved, as far as nothing fails. */
export function savedBox(options: SavingOptions = {}): SavingBox {
  const saving = savingBox(options);
  saving.small.run(openVmcore);
  saveAll(saving.small);
  return saving;
}

/** From the first chunk to the flush behind the commit, one step each; ends at the first failure. */
export function saveAll(small: SmallBox): void {
  if (writeAll(small) !== 'image.written') return;
  for (const act of [flushImage, commitImage, flushImage]) {
    small.run(act);
    if (lastReply(small).type === 'image.failed') return;
  }
}

/** All chunks; gives the last reply. */
export function writeAll(small: SmallBox): Reply['type'] {
  for (let chunk = 0; chunk < 1000; chunk += 1) {
    small.run(writeChunk);
    if (lastReply(small).type !== 'image.chunkWritten') return lastReply(small).type;
  }
  throw new Error('writeAll: more than 1000 chunks');
}

export const lastReply = (small: SmallBox): Reply => item(small.replies, small.replies.length - 1).reply;

/** What a reader finds on the medium; `medium` is that of another moment, if given. */
export const imageOf = ({ plan, contents, medium }: SmallBox, at: PageMap = medium()): Source =>
  readSavedImage({
    plan,
    contents,
    medium: {
      read: (block) => at.get(block),
      write: () => {
        throw new Error('a reader does not write');
      },
      runs: (start, count) => at.runs(start, start + count),
    },
  });

/** `image` and its generation, or why there is none to load. */
export const outcomeOf = (small: SmallBox, medium: PageMap = small.medium()): string => {
  try {
    return `image ${verifySaved(imageOf(small, medium)).commit.generation}`;
  } catch (error) {
    if (error instanceof ImageError) return error.code;
    throw error;
  }
};

/** A's kernel, its notes, user pages, low memory; zeros that were written; the rest nobody touched. */
function writeMemoryOfA(box: Box): void {
  const { text, data, poolStart } = box.plan.layout.original;
  const write = (frame: number): void => {
    box.memory.write(pfn(frame), patternOf(box, 'original', frame));
  };
  for (let frame: number = text.start; frame < data.start + data.count; frame += 1) write(frame);
  initialiseNotes(box, 'original');
  for (const offset of [0, 1, 5, 6, 7, 100, 3000]) write(poolStart + offset);
  for (const frame of [1, 2, 0x9e, 0x100]) write(frame);
  box.memory.fill(pfn(poolStart + 200), 50, zeroContent);
}

export const patternOf = (box: Box, by: keyof typeof seeds, index: number): ContentId =>
  box.contents.made({ rule: 'pattern', seed: seeds[by], index });

/**
 * Frames of B's range up to A's last page there were displaced, to frames that are not all neighbours; the
 * others were free.
 */
function backupsOf({ layout }: Plan): (frame: Pfn) => Pfn {
  if (layout.region.count > 0) return (frame) => frame;
  const backups = new Map<Pfn, Pfn>();
  const firstFree = layout.original.poolStart + 3500;
  let next = (layout.memMax + 1) / pageSizeBytes + 16;
  for (const { start, count } of layout.dumpRam) {
    for (let frame: number = start; frame < Math.min(start + count, firstFree); frame += 1) {
      if (frame === layout.original.text.start + 100) next += 3;
      backups.set(pfn(frame), pfn(next));
      next += 1;
    }
  }
  return (frame) => backups.get(frame) ?? frame;
}

/** The swap, and B's boot, which writes every frame it has. B's own notes are empty. */
function takeRangeForB(box: Box, whereIs: (frame: Pfn) => Pfn): void {
  for (const { start, count } of box.plan.layout.dumpRam) {
    for (let index = 0; index < count; index += 1) {
      const frame = pfn(start + index);
      if (whereIs(frame) !== frame) box.memory.write(whereIs(frame), box.memory.read(frame));
      // A few contents are enough to know them by, and quickly made.
      box.memory.write(frame, patternOf(box, 'dump', frame % 64));
    }
  }
  initialiseNotes(box, 'dump');
}

export function headersFor(plan: Plan, whereIs: (frame: Pfn) => Pfn = (frame) => frame): Uint8Array {
  const { start, count } = ownRange(plan);
  const own = { start: addressOf(start), endExclusive: addressOf(pfn(start + count)) };
  return elfcorehdrFor(plan, {
    kernel: 'original',
    elfcorehdr: {
      start: physical(elfcorehdrAt(plan)),
      cpuCount: plan.size.cpuCount,
      hasVmcoreinfo: !plan.defects.noVmcore,
      loads: coreLoads(mapOfLinux(plan.firmwareMap).map, own, plan.defects),
    },
    whereIs,
  });
}

function writeBootParameters(box: Box, frame: Pfn, { commandLine, bSeesAllMemory }: SavingOptions): void {
  const { plan } = box;
  const { map } = mapOfLinux(plan.firmwareMap);
  const kept = { start: addressOf(frame), endExclusive: addressOf(pfn(frame + keptPages)) };
  const ranges = plan.layout.dumpRam.map(({ start, count }) => {
    return { start: addressOf(start), endExclusive: addressOf(pfn(start + count)) };
  });
  const page = encodeBootParameters({
    commandLine: commandLine ?? commandLineFor(plan),
    map: bSeesAllMemory === true ? map : mapLimitedTo(map, rangesWithout(ranges, [kept])),
  });
  box.memory.write(frame, box.contents.intern(page));
  box.machine.kernels.original.image.parametersFrame = frame;
}

export function pageWith(box: Box, bytes: Uint8Array): ContentId {
  const page = new Uint8Array(pageSizeBytes);
  page.set(bytes);
  return box.contents.intern(page);
}

function hex16(value: number): string {
  return value.toString(16).padStart(16, '0');
}
