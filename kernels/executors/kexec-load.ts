/**
 * `kexec.load`: what the tool plans, what the kernel checks, and what then stands in memory (linux.md A1.2, A1.7, A1.9 row 2, D.2).
 *
 *   jump, on demand   source frames anywhere in A's free memory; entry list, control, swap and table frames beside them
 *   jump, reserved    segments at their place in the withheld region, an empty list: as described in 2007, not as 6.12 does
 *   crash             segments and control frames in the reservation
 *   back              in B: a page beside A's control page, so that B's identity table covers it; entry: A's control page
 *
 * Not emulated: unloading, and loading over a loaded image, which here would leak the first one's frames.
 */
import { addressOf, frameOf, offsetInPage, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import { encodeEntryList } from '../kexec/entry-list.ts';
import { identityMappings } from '../kexec/identity-map.ts';
import { planJumpBack } from '../kexec/jump-back-helper.ts';
import type { ToolPlan } from '../kexec/kexec-tools.ts';
import type { SegmentPurpose } from '../kexec/place-segments.ts';
import { crashControlFrames, type EntryPlan, planEntries } from '../kexec/plan-entries.ts';
import type { LoadRequest } from '../kexec/segments.ts';
import { helperFailedExit, loadFailedExit } from '../kexec/tool-messages.ts';
import { errnoTable } from '../linux/errno.ts';
import {
  allocateFrames,
  freeFrameCount,
  freeFrames,
  ramOf,
  reserveFrames,
} from '../linux/frame-allocator.ts';
import { buildPageTables, pageTableFrameCount } from '../linux/page-tables.ts';
import type { ImageRecord, KernelName } from '../machine.ts';
import type { ContentId } from '../memory/contents.ts';
import { bootParameters, parameterOf } from './boot-parameters.ts';
import { type ImageContents, imageContents, startOf } from './image-contents.ts';
import { type LoadFailure, type LoadPurpose, planOfTool, refusal } from './load-request.ts';
import type { WorkUnderWay } from './slow-work.ts';

export function loadImage(box: Box, { kernel, purpose }: WorkUnderWay): void {
  const failure = purpose === 'back' ? loadWayBack(box, kernel) : loadSecondKernel(box, kernel, purpose);
  if (failure === undefined) {
    box.note({ type: 'image.loaded', kernel });
    return box.reply(kernel, { type: 'kexec.loaded' });
  }
  for (const line of failure.exit.lines) box.show(line);
  box.reply(kernel, { type: 'kexec.failed', errno: -errnoTable[failure.errno].number });
}

function loadSecondKernel(box: Box, kernel: KernelName, purpose: LoadPurpose): LoadFailure | undefined {
  const tool = planOfTool(box, purpose);
  if (tool.type === 'tool.stopped') return { errno: 'EINVAL', exit: tool.exit };
  const refused = refusal(box, kernel, tool.request);
  if (refused) return refused;
  const isReserved = purpose === 'crash' || box.plan.load === 'reserved';
  const target = { kernel, purpose, tool };
  return isReserved ? loadInPlace(box, target) : loadAside(box, target);
}

type Target = { readonly kernel: KernelName; readonly purpose: LoadPurpose; readonly tool: ToolPlan };

/** Segments at their place; only control, swap and table frames are wanted. */
function loadInPlace(box: Box, { kernel, purpose, tool }: Target): LoadFailure | undefined {
  const entries = purpose === 'crash' ? undefined : planWith(box, kernel, { ...tool.request, segments: [] });
  if (entries?.type === 'entries.failed') return outOfMemory(box, kernel, entries, tool.request);
  const frames = entries ?? crashFrames(box, tool.request);
  if (frames === undefined) return { errno: 'ENOMEM', exit: loadFailedExit(tool.request, 'ENOMEM') };
  const contents = imageContents(box, {
    kernel,
    plan: tool,
    isPanicKernel: purpose === 'crash',
    whereIs: (frame) => frame,
  });
  for (const [frame, content] of contents) box.memory.write(frame, content);
  writeTables(box, { ...tool.request, ...frames, kernel });
  const record = recordOf(box, kernel, purpose);
  fillRecord(record, { tool, ...frames, listFrame: pfn(0), entry: tool.request.entry });
  return undefined;
}

type Frames = { readonly controlFrame: Pfn; readonly swapFrame: Pfn; readonly tableFrames: readonly Pfn[] };

function crashFrames({ plan }: Box, { segments }: LoadRequest): Frames | undefined {
  const { region } = plan.layout;
  const reservation = {
    start: addressOf(region.start),
    endExclusive: addressOf(pfn(region.start + region.count)),
  };
  const count = tableCount(plan.memoryEnd);
  const found = crashControlFrames(segments, reservation, 2 + count);
  const [controlFrame, swapFrame, ...tableFrames] = found ?? [];
  return controlFrame === undefined || swapFrame === undefined
    ? undefined
    : { controlFrame, swapFrame, tableFrames };
}

/** Segments aside, to be swapped in by the jump: each has a source frame. */
function loadAside(box: Box, { kernel, purpose, tool }: Target): LoadFailure | undefined {
  const entries = planWith(box, kernel, tool.request);
  if (entries.type === 'entries.failed') return outOfMemory(box, kernel, entries, tool.request);
  const sources = new Map(entries.pages.map(({ destination, source }) => [destination, source]));
  const contents = imageContents(box, {
    kernel,
    plan: tool,
    isPanicKernel: false,
    whereIs: (frame) => sources.get(frame) ?? frame,
  });
  writeAside(box, entries, contents);
  writeTables(box, { ...tool.request, ...entries, kernel });
  fillRecord(recordOf(box, kernel, purpose), {
    tool,
    ...entries,
    listFrame: entries.listFrames[0] ?? pfn(0),
    entry: tool.request.entry,
  });
  return undefined;
}

type Planned = Extract<EntryPlan, { type: 'entries.planned' }>;

function writeAside(box: Box, entries: Planned, contents: ImageContents): void {
  for (const { destination, source } of entries.pages) {
    const content = contents.get(destination);
    assert(content !== undefined, `kexec.load: no content for frame ${destination}`);
    box.memory.write(source, content);
  }
  for (const { frame, bytes } of encodeEntryList(entries.entries, entries.listFrames).pages) {
    box.memory.write(frame, box.contents.intern(bytes));
  }
}

/** B's helper: see jump-back-helper.ts for its three forms. */
function loadWayBack(box: Box, kernel: KernelName): LoadFailure | undefined {
  const word = parameterOf(bootParameters(box, kernel).commandLine, 'kexec_jump_back_entry');
  const { image } = box.machine.kernels[kernel];
  const entry = word === undefined ? null : physical(Number(word));
  const tool = planJumpBack({ entry, isLoaded: image.loaded, defects: box.plan.defects });
  if (tool.type === 'tool.stopped') return { errno: 'EINVAL', exit: tool.exit };
  const refused = refusal(box, kernel, tool.request);
  if (refused) return asHelper(refused);
  const entries = planWith(box, kernel, tool.request);
  if (entries.type === 'entries.failed') return asHelper(outOfMemory(box, kernel, entries, tool.request));
  const copied = tool.copiedFrame;
  const contents = new Map<Pfn, ContentId>(copied === null ? [] : [[copied, box.memory.read(copied)]]);
  writeAside(box, entries, contents);
  writeTables(box, { ...tool.request, ...entries, kernel });
  fillRecord(image, {
    tool: undefined,
    ...entries,
    listFrame: entries.listFrames[0] ?? pfn(0),
    entry: tool.request.entry,
  });
  return undefined;
}

/** The helper lists no segments. */
const asHelper = ({ errno }: LoadFailure): LoadFailure => ({ errno, exit: helperFailedExit(errno) });

/** Frames are handed out in bulk: a jump on demand takes twenty thousand. */
function planWith(box: Box, kernel: KernelName, request: LoadRequest): EntryPlan {
  const wanted = request.segments.reduce(
    (sum, { memorySizeBytes }) => sum + memorySizeBytes / pageSizeBytes,
    0,
  );
  const pool = [
    ...(allocateFrames(box, kernel, Math.min(freeFrameCount(box, kernel), wanted)) ?? []),
  ].reverse();
  pool.push(...lowControlFrame(box, kernel));
  const more = (): Pfn | undefined => pool.pop() ?? allocateFrames(box, kernel, 1)?.[0];
  const plan = planEntries(request.segments, more, (controlFrame) =>
    tableFrameCount(box, { kernel, controlFrame, ...request }),
  );
  freeFrames(box, kernel, [...plan.unusedFrames, ...pool]);
  return plan;
}

/**
 * Row 4 of linux.md A1.8 was seen when Linux gave A's control page out of ZONE_DMA, at 0x7f1000. The box keeps that zone back; with the
 * defect on it gives just this page.
 */
function lowControlFrame(box: Box, kernel: KernelName): readonly Pfn[] {
  const { defects, load } = box.plan;
  const isGiven = defects.controlPageInsideRange && load === 'on-demand' && kernel === 'original';
  if (isGiven) reserveFrames(box, kernel, { start: pfn(0x7f1), count: 1 });
  return isGiven ? [pfn(0x7f1)] : [];
}

function outOfMemory(
  box: Box,
  kernel: KernelName,
  { line }: Extract<EntryPlan, { type: 'entries.failed' }>,
  request: LoadRequest,
): LoadFailure {
  // warn_alloc, for control pages only: no other allocation gives up so soon (GFP_KERNEL|__GFP_NORETRY); its trace is left out.
  if (line !== null)
    box.print(kernel, 'allocation.failed', { command: 'kexec', order: 0, mode: controlPageMode });
  if (line?.includes('swap buffer')) box.print(kernel, 'kexec.noSwapBuffer');
  else if (line !== null) box.print(kernel, 'kexec.noControlBuffer');
  return { errno: 'ENOMEM', exit: loadFailedExit(request, 'ENOMEM') };
}

/** As logs a0 and e8 print it. */
const controlPageMode = '0x10cc0(GFP_KERNEL|__GFP_NORETRY)';

type TableNeeds = Pick<LoadRequest, 'segments'> & { readonly kernel: KernelName; readonly controlFrame: Pfn };

const mappingsOf = (box: Box, { kernel, segments, controlFrame }: TableNeeds) =>
  identityMappings({
    mappedRam: ramOf(box.plan, kernel).map(({ start, count }) => ({
      start: addressOf(start),
      endExclusive: addressOf(pfn(start + count)),
    })),
    segments,
    // ACPI and EFI tables have no bytes in the box.
    firmwareTables: [],
    controlFrame,
    hasGigabyteLeaves: true,
  });

const tableFrameCount = (box: Box, needs: TableNeeds): number => pageTableFrameCount(mappingsOf(box, needs));

/** Leaves of 1 GiB, and of 2 MiB at ragged ends: one page for each 512 GiB and some for the ends. */
const tableCount = (memoryEnd: number): number => 8 + Math.ceil(memoryEnd / 2 ** 39);

function writeTables(box: Box, needs: TableNeeds & { readonly tableFrames: readonly Pfn[] }): void {
  const left = [...needs.tableFrames];
  const tables = buildPageTables(mappingsOf(box, needs), () => left.shift());
  assert(
    tables.type === 'page-tables.built',
    'kexec.load: the identity table fits the frames that were counted for it',
  );
  for (const { frame, bytes } of tables.pages) box.memory.write(frame, box.contents.intern(bytes));
}

const recordOf = (box: Box, kernel: KernelName, purpose: LoadPurpose): ImageRecord =>
  purpose === 'crash' ? box.machine.kernels[kernel].crashImage : box.machine.kernels[kernel].image;

type Filling = Frames & {
  readonly tool: ToolPlan | undefined;
  readonly listFrame: Pfn;
  readonly entry: number;
};

function fillRecord(
  record: ImageRecord,
  { tool, controlFrame, swapFrame, tableFrames, listFrame, entry }: Filling,
): void {
  record.loaded = true;
  record.controlFrame = controlFrame;
  record.swapFrame = swapFrame;
  record.identityRoot = tableFrames[0] ?? pfn(0);
  record.listFrame = listFrame;
  record.entry = frameOf(physical(entry));
  record.entryOffset = offsetInPage(physical(entry));
  if (tool === undefined) return;
  const frameAt = (purpose: SegmentPurpose): Pfn => frameOf(startOf(tool, purpose) ?? physical(0));
  record.parametersFrame = frameAt('boot parameters');
  record.purgatoryFrame = frameAt('purgatory');
  record.lowCopyFrame = frameAt('low memory copy');
  record.keptFrame = Math.min(
    ...tool.segments
      .filter(({ bufferSizeBytes }) => bufferSizeBytes > 0)
      .map(({ memoryStart }) => frameOf(memoryStart)),
  );
}
