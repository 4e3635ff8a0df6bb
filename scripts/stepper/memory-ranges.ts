/**
 * Whose frame is it? All of memory as ranges without overlap, each with a name, as it is at one moment: what the firmware's map says,
 * what each kernel laid out, what kexec keeps for itself.
 *
 * Where the ranges of A and B overlap (a jump on demand), the names are those of the kernel that is in place. Left out: which task a
 * frame of the pool belongs to, and which frames of the pool are free (the frame bitmap knows).
 */
import { pageSizeBytes } from '../../image/pfn.ts';
import { diskLayout } from '../../kernels/disk-layout.ts';
import type { FrameRange, KernelLayout } from '../../kernels/linux/memory-layout.ts';
import { cacheEntries } from '../../kernels/linux/page-cache.ts';
import type { ImageRecord, KernelName } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import { displacedPages } from '../../machines/laws/excepted.ts';
import { rangesOfFrames } from '../../machines/laws/frame-ranges.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import type { Rules, World } from '../../machines/system/world.ts';

export type NamedRange = { readonly start: number; readonly count: number; readonly name: string };

export function memoryRanges(rules: Rules, world: World): readonly NamedRange[] {
  const { plan } = rules;
  const other = inRangeOfB(world.machine.owner);
  // A reserved region was withheld from A: nothing of A is ever displaced by what stands there.
  const isDisplaced = other !== undefined && plan.layout.region.count === 0;
  const layers = [
    { start: 0, count: world.memory.size, name: 'no memory' },
    ...firmwareRanges(plan),
    ...(isDisplaced ? [] : cacheRanges(rules, world)),
    ...laidOut(plan, 'original'),
    ...named([plan.layout.region], 'region for B'),
    ...kexecRanges(rules, world, 'original'),
    ...(other === undefined
      ? []
      : [...named(plan.layout.dumpRam, `pool of ${letters[other]}`), ...laidOut(plan, other)]),
    ...kexecRanges(rules, world, 'dump'),
    ...kexecRanges(rules, world, 'restore'),
  ];
  return painted(layers, world.memory.size);
}

/** Blocks of the disk: the partition table, and the three partitions. */
export function diskRanges({ ramBytes }: Plan): readonly NamedRange[] {
  const { root, swap, dump, kept } = diskLayout(ramBytes);
  return [
    { start: 0, count: root.start, name: 'partition table' },
    { ...root, name: 'root partition of A' },
    { ...swap, name: 'swap partition' },
    { ...dump, name: 'dump partition of B' },
    { ...kept, name: 'kept B' },
  ];
}

/** Who stands in B's range while this one executes. */
function inRangeOfB(owner: World['machine']['owner']): KernelName | undefined {
  if (owner === 'restore') return 'restore';
  return owner === 'dump' || owner === 'purgatory' ? 'dump' : undefined;
}

const letters = { original: 'A', dump: 'B', restore: 'C' } as const satisfies Record<KernelName, string>;

export function rangeNameAt(ranges: readonly NamedRange[], index: number): string {
  const range = ranges.find(({ start, count }) => index >= start && index < start + count);
  return range?.name ?? 'no memory';
}

const named = (ranges: readonly FrameRange[], name: string): readonly NamedRange[] =>
  ranges.map(({ start, count }) => ({ start, count, name }));

function firmwareRanges({ firmwareMap }: Plan): readonly NamedRange[] {
  return firmwareMap.map(({ kind, start, endExclusive }) => {
    const first = kind === 'usable' ? Math.ceil(start / pageSizeBytes) : Math.floor(start / pageSizeBytes);
    const end =
      kind === 'usable' ? Math.floor(endExclusive / pageSizeBytes) : Math.ceil(endExclusive / pageSizeBytes);
    return { start: first, count: end - first, name: kind === 'usable' ? 'pool of A' : `firmware: ${kind}` };
  });
}

const partNames: { readonly [Part in keyof KernelLayout]: string } = {
  text: 'kernel text',
  data: 'kernel data',
  pageTables: 'page tables',
  log: 'log buffer',
  deviceSaves: 'saved device registers',
  receiveRing: 'receive ring',
  tasks: 'task structures',
  leftBehind: 'what it left behind',
  cacheIndex: 'page cache index',
  notes: 'crash notes and vmcoreinfo',
  bitmap: 'frame bitmap',
  early: 'early allocations',
  memoryMap: 'struct pages',
  sections: 'memory sections',
  poolStart: '',
};

const laidOut = ({ layout }: Plan, owner: KernelName): readonly NamedRange[] =>
  Object.entries(layout[owner]).flatMap(([part, range]) =>
    typeof range === 'number'
      ? []
      : // Object.entries forgets which names there are.
        [{ ...range, name: `${letters[owner]}: ${partNames[part as keyof KernelLayout]}` }],
  );

function cacheRanges({ plan, contents }: Rules, { machine, memory }: World): readonly NamedRange[] {
  if (!machine.kernels.original.mounted) return [];
  const table = contents.bytes(memory.get(plan.layout.original.cacheIndex.start));
  return cacheEntries(plan, table).map(({ frame }) => ({ start: frame, count: 1, name: 'A: page cache' }));
}

const keptFrames: { readonly [Name in keyof ImageRecord]?: string } = {
  controlFrame: 'control page',
  swapFrame: 'swap page',
  identityRoot: 'identity map',
  listFrame: 'entry list',
  parametersFrame: 'boot parameters',
  purgatoryFrame: 'purgatory',
};

function kexecRanges(rules: Rules, world: World, kernel: KernelName): readonly NamedRange[] {
  const { image, crashImage } = world.machine.kernels[kernel];
  const owner = `kexec of ${letters[kernel]}`;
  const { readPage } = momentView(rules, world);
  return [image, crashImage]
    .filter(({ loaded }) => loaded)
    .flatMap((record) => [
      ...named(
        rangesOfFrames(displacedPages(record, readPage).map(({ source }) => source)),
        `${owner}: source pages`,
      ),
      ...Object.entries(keptFrames).flatMap(([field, name]) => {
        // Object.entries forgets which names there are.
        const start = Number(record[field as keyof ImageRecord]);
        return start === 0 ? [] : [{ start, count: 1, name: `${owner}: ${name}` }];
      }),
    ]);
}

/** Later layers cover earlier ones; neighbours of one name are one range. */
function painted(layers: readonly NamedRange[], size: number): readonly NamedRange[] {
  const inside = layers
    .map(({ start, count, name }) => ({
      start: Math.max(0, start),
      end: Math.min(size, start + count),
      name,
    }))
    .filter(({ start, end }) => start < end);
  const borders = [...new Set(inside.flatMap(({ start, end }) => [start, end]))].sort(
    (one, other) => one - other,
  );
  const placeOf = new Map(borders.map((border, place) => [border, place]));
  const names = new Array<string>(borders.length).fill('');
  for (const { start, end, name } of inside) names.fill(name, placeOf.get(start), placeOf.get(end));
  const ranges: { start: number; count: number; name: string }[] = [];
  for (const [place, start] of borders.entries()) {
    const count = (borders[place + 1] ?? start) - start;
    const name = names[place] ?? '';
    const last = ranges.at(-1);
    if (last?.name === name) last.count += count;
    else if (count > 0) ranges.push({ start, count, name });
  }
  return ranges;
}
