/**
 * Whose each frame is at one moment, for people: the machine's records say which frames kexec keeps, emulated memory says the rest. The entry
 * list, the identity tables, the command line and the ELF header are read from the pages where they stand, and what lost its
 * bytes is what holds poison.
 *
 * Which kernel is in place: the one that executes; in a reserved region also a kernel that left, because nothing takes its place there.
 */
import {
  decodeFileHeader,
  fileHeaderSizeBytes,
  magic,
  programHeaderSizeBytes,
} from '../../../image/formats/elf/headers.ts';
import { frameOf, type Pfn, pageSizeBytes, pfn } from '../../../image/pfn.ts';
import { bootParametersDecoder } from '../../../kernels/executors/boot-parameters.ts';
import { headOf } from '../../../kernels/executors/relocation.ts';
import { elfcorehdrAddress } from '../../../kernels/executors/save-vmcore.ts';
import { listFramesOf } from '../../../kernels/kexec/entry-list.ts';
import { ramOf } from '../../../kernels/linux/frame-allocator.ts';
import type { FrameRange, KernelLayout } from '../../../kernels/linux/memory-layout.ts';
import { tableFramesOf } from '../../../kernels/linux/page-tables.ts';
import { type ImageRecord, type KernelName, kernelNames } from '../../../kernels/machine.ts';
import { poisonContent } from '../../../kernels/memory/contents.ts';
import type { Plan } from '../../../kernels/plan.ts';
import { displacedPages } from '../../../machines/laws/excepted.ts';
import {
  changedFrames,
  common,
  joined,
  rangesOfFrames,
  without,
} from '../../../machines/laws/frame-ranges.ts';
import { type MomentView, momentView } from '../../../machines/laws/moment-view.ts';
import type { Rules, World } from '../../../machines/system/world.ts';
import { executorOf } from '../run/run-view.ts';
import { type MemoryKindName, memoryKindNames } from './memory-kinds.ts';

/** Ascending and apart, also between kinds; kinds without a frame are left out. */
export type MemoryParts = ReadonlyMap<MemoryKindName, readonly FrameRange[]>;

type Layer = { readonly kind: MemoryKindName; readonly ranges: readonly FrameRange[] };

/** `unloaded`: the world before anything was loaded, which tells what a load wrote into a region. */
export function memoryParts(rules: Rules, world: World, unloaded: World | undefined): MemoryParts {
  const { plan } = rules;
  const view = momentView(rules, world);
  const inPlace = kernelNames.filter((kernel) => isInPlace(plan, world, kernel));
  const layers: readonly Layer[] = [
    ...firmwareLayers(plan),
    ...regionLayers(plan, world, unloaded),
    ...inPlace.flatMap((kernel) => kernelLayers(plan, kernel)),
    ...inPlace.flatMap((kernel) => kexecLayers(view, kernel)),
    { kind: 'poison', ranges: poisoned(plan, world) },
  ];
  return covered(layers);
}

export function isInPlace(plan: Plan, { machine }: World, kernel: KernelName): boolean {
  const { state } = machine.kernels[kernel];
  if (kernel === 'original') return plan.layout.region.count > 0 || state !== 'absent';
  const isOwner = executorOf(machine.owner) === kernel;
  return isOwner || (plan.layout.region.count > 0 && state === 'away');
}

function firmwareLayers(plan: Plan): readonly Layer[] {
  const reserved = plan.firmwareMap
    .filter(({ kind }) => kind !== 'usable')
    .map(({ start, endExclusive }) => {
      const first = Math.floor(start / pageSizeBytes);
      return { start: pfn(first), count: Math.ceil(endExclusive / pageSizeBytes) - first };
    });
  return [
    { kind: 'firmware', ranges: reserved },
    { kind: 'pool', ranges: ramOf(plan, 'original') },
  ];
}

function regionLayers({ layout }: Plan, world: World, unloaded: World | undefined): readonly Layer[] {
  const { region } = layout;
  if (region.count === 0) return [];
  const { image, crashImage } = world.machine.kernels.original;
  const isWaiting = unloaded !== undefined && (image.loaded || crashImage.loaded);
  const written = isWaiting ? common([region], changedFrames(unloaded.memory, world.memory)) : [];
  return [
    { kind: 'region', ranges: [region] },
    { kind: 'image', ranges: written },
  ];
}

const kindsOf: { readonly [Kernel in KernelName]: readonly [pool: MemoryKindName, kernel: MemoryKindName] } =
  {
    original: ['pool', 'kernel'],
    dump: ['secondPool', 'secondKernel'],
    restore: ['restorePool', 'restoreKernel'],
  };

function kernelLayers({ layout }: Plan, kernel: KernelName): readonly Layer[] {
  const [pool, own] = kindsOf[kernel];
  const laidOut = { kind: own, ranges: rangesIn(layout[kernel]) };
  return kernel === 'original' ? [laidOut] : [{ kind: pool, ranges: layout.dumpRam }, laidOut];
}

const rangesIn = (layout: KernelLayout): readonly FrameRange[] =>
  Object.values(layout).filter((part): part is FrameRange => typeof part === 'object');

function kexecLayers(view: MomentView, kernel: KernelName): readonly Layer[] {
  const { image, crashImage } = view.machine.kernels[kernel];
  const layers = [image, crashImage]
    .filter(({ loaded }) => loaded)
    .flatMap((record) => imageLayers(view, record));
  if (kernel === 'original') return layers;
  return [
    {
      kind: kernel === 'dump' ? 'secondKexec' : 'restoreKexec',
      ranges: layers.flatMap(({ ranges }) => ranges),
    },
  ];
}

function imageLayers(view: MomentView, record: ImageRecord): readonly Layer[] {
  const { readPage } = view;
  const single = (frame: number): readonly FrameRange[] =>
    frame === 0 ? [] : [{ start: pfn(frame), count: 1 }];
  const moves = displacedPages(record, readPage);
  const sources = moves
    .filter(({ source, destination }) => source !== destination)
    .map(({ source }) => source);
  const isSwapped = moves.length > 0;
  return [
    // Where pages are to be swapped, what the segments hold stands among the backup pages until then.
    ...(isSwapped && executorOf(view.machine.owner) === 'original' ? [] : segmentLayers(view, record)),
    { kind: 'backup', ranges: rangesOfFrames(sources) },
    { kind: 'list', ranges: rangesOfFrames(listFramesOf(headOf(record), readPage)) },
    { kind: 'tables', ranges: rangesOfFrames(tableFramesIn(view, record)) },
    { kind: 'swap', ranges: single(record.swapFrame) },
    { kind: 'control', ranges: single(record.controlFrame) },
  ];
}

const tableFramesIn = ({ readPage }: MomentView, { identityRoot }: ImageRecord): Iterable<Pfn> =>
  // Frames are stored as plain bounded numbers.
  identityRoot === 0 ? [] : tableFramesOf(identityRoot as Pfn, readPage);

function segmentLayers(view: MomentView, { parametersFrame, purgatoryFrame }: ImageRecord): readonly Layer[] {
  if (parametersFrame === 0) return [];
  return [
    { kind: 'elfcorehdr', ranges: elfcorehdrIn(view, parametersFrame) },
    { kind: 'parameters', ranges: [{ start: pfn(parametersFrame), count: 1 }] },
    { kind: 'purgatory', ranges: purgatoryFrame === 0 ? [] : [{ start: pfn(purgatoryFrame), count: 1 }] },
  ];
}

/** Where B's command line says that it is, and as long as it says itself. */
function elfcorehdrIn(
  { memory, contents, readPage }: MomentView,
  parametersFrame: number,
): readonly FrameRange[] {
  const { commandLine } = contents.decode(bootParametersDecoder, memory.read(pfn(parametersFrame)));
  const address = elfcorehdrAddress(commandLine);
  if (address === undefined) return [];
  const start = frameOf(address);
  const bytes = readPage(start);
  const header = bytes && decodeFileHeader(bytes);
  if (header?.magic !== magic) return [];
  const sizeBytes = fileHeaderSizeBytes + header.programHeaderCount * programHeaderSizeBytes;
  return [{ start, count: Math.ceil(sizeBytes / pageSizeBytes) }];
}

function poisoned({ memoryEnd }: Plan, { memory }: World): readonly FrameRange[] {
  const ranges: FrameRange[] = [];
  for (const { start, count, id } of memory.runs(0, Math.ceil(memoryEnd / pageSizeBytes))) {
    if (id === poisonContent) ranges.push({ start: pfn(start), count });
  }
  return joined(ranges);
}

/** Later layers cover earlier ones. Poison counts where there is RAM: nobody has bytes to lose elsewhere. */
function covered(layers: readonly Layer[]): MemoryParts {
  const byKind = new Map<MemoryKindName, readonly FrameRange[]>();
  const firmware = joined(layers.filter(({ kind }) => kind === 'firmware').flatMap(({ ranges }) => ranges));
  const all = joined(layers.filter(({ kind }) => kind !== 'poison').flatMap(({ ranges }) => ranges));
  let taken: readonly FrameRange[] = [];
  for (const { kind, ranges } of [...layers].reverse()) {
    const memory = kind === 'poison' ? without(all, firmware) : all;
    const own = without(common(joined(ranges), memory), taken);
    if (own.length === 0) continue;
    byKind.set(kind, joined([...(byKind.get(kind) ?? []), ...own]));
    taken = joined([...taken, ...own]);
  }
  return new Map(
    memoryKindNames.flatMap((kind) => {
      const ranges = byKind.get(kind);
      return ranges === undefined ? [] : [[kind, ranges] as const];
    }),
  );
}
