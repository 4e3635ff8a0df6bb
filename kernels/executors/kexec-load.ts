/**
 * `kexec.load`: what the tool plans, what the kernel checks, and what then stands in memory (linux.md A1.2, A1.7, A1.9 row 2, D.2).
 *
 *   jump, on demand   source frames anywhere in A's free memory; entry list, control, swap and table frames beside them
 *   jump, reserved    segments at their place in the withheld region, an empty list: as described in 2007, not as 6.12 does
 *   crash             segments and control frames in the reservation
 *   back              in B and in C: a page beside A's control page, so that B's identity table covers it; entry: A's control page
 *
 * Not emulated: loading over a loaded image, which here would leak the first one's frames.
 */
import { addressOf, frameOf, offsetInPage, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { assert } from '../assert.ts';
import type { Box } from '../box.ts';
import { usableRanges } from '../firmware-map.ts';
import { encodeEntryList } from '../kexec/entry-list.ts';
import { identityMappings } from '../kexec/identity-map.ts';
import type { ToolPlan } from '../kexec/kexec-tools.ts';
import type { SegmentPurpose } from '../kexec/place-segments.ts';
import { crashControlFrames, type EntryPlan, planEntries } from '../kexec/plan-entries.ts';
import type { LoadRequest } from '../kexec/segments.ts';
import { loadFailedExit } from '../kexec/tool-messages.ts';
import { allocateFrames, freeFrameCount, freeFrames, reserveFrames } from '../linux/frame-allocator.ts';
import { buildPageTables, pageTableFrameCount } from '../linux/page-tables.ts';
import type { ImageRecord, KernelName } from '../machine.ts';
import { knownMap } from './boot-parameters.ts';
import { type ImageContents, imageContents, startOf } from './image-contents.ts';
import { type LoadFailure, planOfTool, refusal, type ToolPurpose } from './load-request.ts';
import { planWayBack } from './way-back.ts';

export function loadSecondKernel(
  box: Box,
  kernel: KernelName,
  purpose: ToolPurpose,
): LoadFailure | undefined {
  const tool = planOfTool(box, purpose);
  if (tool.type === 'tool.stopped') return { errno: 'EINVAL', exit: tool.exit };
  const refused = refusal(box, kernel, tool.request);
  if (refused) return refused;
  const isReserved = purpose === 'crash' || box.plan.load === 'reserved';
  const target = { kernel, purpose, tool };
  return isReserved ? loadInPlace(box, target) : loadAside(box, target);
}

type Target = { readonly kernel: KernelName; readonly purpose: ToolPurpose; readonly tool: ToolPlan };

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

const loadAside = (box: Box, { kernel, tool }: Target): LoadFailure | undefined =>
  placeAside(box, kernel, {
    tool,
    request: tool.request,
    contents: (whereIs) => imageContents(box, { kernel, plan: tool, isPanicKernel: false, whereIs }),
  });

type Aside = {
  readonly request: LoadRequest;
  /** Undefined: pages that need nothing of what the tool puts beside a kernel. */
  readonly tool: ToolPlan | undefined;
  /** By destination; `whereIs`: where a frame's bytes will be after the jump. */
  readonly contents: (whereIs: (frame: Pfn) => Pfn) => ImageContents;
};

/** Segments aside, to be swapped in by the jump: each has a source frame. */
export function placeAside(
  box: Box,
  kernel: KernelName,
  { request, tool, contents }: Aside,
): LoadFailure | undefined {
  const entries = planWith(box, kernel, request);
  if (entries.type === 'entries.failed') return outOfMemory(box, kernel, entries, request);
  const sources = new Map(entries.pages.map(({ destination, source }) => [destination, source]));
  writeAside(
    box,
    entries,
    contents((frame) => sources.get(frame) ?? frame),
  );
  writeTables(box, { ...request, ...entries, kernel });
  const listFrame = entries.listFrames[0] ?? pfn(0);
  fillRecord(box.machine.kernels[kernel].image, { tool, ...entries, listFrame, entry: request.entry });
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

/** B's way back: see way-back.ts. */
export function loadWayBack(box: Box, kernel: KernelName): LoadFailure | undefined {
  const tool = planWayBack(box, kernel);
  if (tool.type === 'tool.stopped') return { errno: 'EINVAL', exit: tool.exit };
  const said = ({ errno }: LoadFailure): LoadFailure => ({ errno, exit: tool.exitOf(errno) });
  const refused = refusal(box, kernel, tool.request);
  if (refused) return said(refused);
  const { request, contents } = tool;
  const failure = placeAside(box, kernel, { tool: undefined, request, contents });
  return failure && said(failure);
}

/** Frames are handed out in bulk: a jump on demand takes twenty thousand. */
export function planWith(box: Box, kernel: KernelName, request: LoadRequest): EntryPlan {
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

export function outOfMemory(
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
    mappedRam: usableRanges(knownMap(box, kernel)),
    segments,
    // ACPI and EFI tables have no bytes in the box.
    firmwareTables: [],
    controlFrame,
    hasGigabyteLeaves: true,
  });

const tableFrameCount = (box: Box, needs: TableNeeds): number => pageTableFrameCount(mappingsOf(box, needs));

/** Leaves of 1 GiB, and of 2 MiB at ragged ends: one page for each 512 GiB and some for the ends. */
const tableCount = (memoryEnd: number): number => 8 + Math.ceil(memoryEnd / 2 ** 39);

export function writeTables(box: Box, needs: TableNeeds & { readonly tableFrames: readonly Pfn[] }): void {
  const left = [...needs.tableFrames];
  const tables = buildPageTables(mappingsOf(box, needs), () => left.shift());
  assert(
    tables.type === 'page-tables.built',
    'kexec.load: the identity table fits the frames that were counted for it',
  );
  for (const { frame, bytes } of tables.pages) box.memory.write(frame, box.contents.intern(bytes));
}

const recordOf = (box: Box, kernel: KernelName, purpose: ToolPurpose): ImageRecord =>
  purpose === 'crash' ? box.machine.kernels[kernel].crashImage : box.machine.kernels[kernel].image;

type Filling = Frames & {
  readonly tool: ToolPlan | undefined;
  readonly listFrame: Pfn;
  readonly entry: number;
};

export function fillRecord(
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
      // The seed for the random generator stands below and is read at once.
      .filter(({ bufferSizeBytes, purpose }) => bufferSizeBytes > 0 && purpose !== 'random seed')
      .map(({ memoryStart }) => frameOf(memoryStart)),
  );
}
