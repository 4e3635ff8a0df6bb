/**
 * Brings what A's memory says about itself up to date: struct pages, zones and free areas, lists, the list of tasks.
 *
 * Linux keeps these with every page that is given out or freed. Here the frame bitmap, the page tables of tasks and the page cache
 * are what A works with, and the structures follow from them when A starts and whenever it leaves: nobody but a reader of its dump
 * ever looks. So a page that is written by a task costs that page and no more, and the struct pages of frames that nobody touched
 * are contents by rule.
 */
import { type Pfn, pageSizeBytes, pfn } from '../../../image/pfn.ts';
import type { Box, FramePort } from '../../box.ts';
import type { KernelName } from '../../machine.ts';
import type { ContentId } from '../../memory/contents.ts';
import { imageAddress } from '../kernel-address.ts';
import { kernelBuild } from '../kernel-banner.ts';
import { structuresOf } from './index.ts';
import { kallsymsBytes } from './kallsyms.ts';
import {
  type KernelSymbol,
  kernelSymbolAddress,
  kernelSymbolFrame,
  kernelSymbols,
} from './kernel-symbols.ts';
import { memoryMapPages, sharedBlockPages } from './memory-map-pages.ts';
import { memorySurvey } from './memory-survey.ts';
import { nodeBytes } from './node-bytes.ts';
import { sectionTables } from './section-tables.ts';
import { linkTasks } from './task-list.ts';

type SettlingBox = Pick<Box, 'plan' | 'contents' | 'machine'> & {
  readonly memory: Pick<FramePort, 'read' | 'write'>;
};

/** A kernel starts: what never changes, and the first state of what does. Only A has such structures. */
export function initialiseStructures(box: SettlingBox, kernel: KernelName): void {
  if (box.plan.layout[kernel].memoryMap.count === 0) return;
  const { sections } = box.plan.layout.original;
  writePages(box, sections.start, sectionTables(box.plan));
  writePages(box, kernelSymbolFrame(box.plan, 'init_uts_ns'), variables(box));
  const symbols = Object.keys(kernelSymbols).map((name) => ({
    name,
    // Object.keys forgets which names there are.
    address: kernelSymbolAddress(box.plan, name as KernelSymbol),
  }));
  const { layout } = box.plan;
  const textStart = imageAddress(layout, 'original', layout.original.text.start);
  writePages(box, kernelSymbolFrame(box.plan, 'kallsyms_num_syms'), kallsymsBytes(symbols, textStart));
  settleStructures(box, kernel);
}

export function settleStructures(box: SettlingBox, kernel: KernelName): void {
  if (box.plan.layout[kernel].memoryMap.count === 0) return;
  const survey = memorySurvey(box);
  for (const { frame, content } of memoryMapPages(box, survey)) box.memory.write(frame, content);
  for (const { frame, content } of sharedBlockPages(box, survey)) box.memory.write(frame, content);
  writePages(box, kernelSymbolFrame(box.plan, 'contig_page_data'), nodeBytes(box, survey));
  linkTasks(box);
}

/** A's memory as it would be if A left now: for whoever looks at it in between. */
export function settledMemory<View extends SettledView>(view: View): View {
  const written = new Map<number, ContentId>();
  const read = (frame: Pfn): ContentId => written.get(frame) ?? view.memory.read(frame);
  const write = (frame: Pfn, content: ContentId): void => void written.set(frame, content);
  settleStructures({ ...view, memory: { read, write } }, 'original');
  return { ...view, memory: { ...view.memory, read } };
}

type SettledView = Omit<SettlingBox, 'memory'> & { readonly memory: Pick<FramePort, 'read'> };

function writePages(box: SettlingBox, first: number, bytes: Uint8Array): void {
  for (let offset = 0; offset < bytes.length; offset += pageSizeBytes) {
    const content = box.contents.intern(bytes.subarray(offset, offset + pageSizeBytes));
    box.memory.write(pfn(first + offset / pageSizeBytes), content);
  }
}

/** __NEW_UTS_LEN and its NUL (include/uapi/linux/utsname.h). */
const utsFieldBytes = 65;

/** One page of variables: struct new_utsname at the beginning of init_uts_ns, the map of nodes, a list without entries. */
function variables({ plan }: SettlingBox): Uint8Array {
  const bytes = new Uint8Array(pageSizeBytes);
  const { release } = structuresOf(plan);
  const build = `${kernelBuild} SMP`;
  const text = (value: string, offset: number): void => bytes.set(new TextEncoder().encode(value), offset);
  for (const [field, value] of ['Linux', 'box', release, build, 'x86_64', '(none)'].entries())
    text(value, kernelSymbols.init_uts_ns.offset + field * utsFieldBytes);
  text(`Linux version ${release} (kjump@box) ${build}\n`, kernelSymbols.linux_banner.offset);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(kernelSymbols.node_online_map.offset, 1n, true);
  const list = kernelSymbolAddress(plan, 'vmap_area_list');
  view.setBigUint64(kernelSymbols.vmap_area_list.offset, list, true);
  view.setBigUint64(kernelSymbols.vmap_area_list.offset + 8, list, true);
  return bytes;
}
