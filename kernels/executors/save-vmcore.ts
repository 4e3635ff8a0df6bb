/**
 * /proc/vmcore as B has it: found by `elfcorehdr=` on B's command line, read from the memory that the machine
 * has now (linux.md A1.8 row 5, C.3.2; Linux 6.12 fs/proc/vmcore.c, kernel/crash_dump.c:setup_elfcorehdr).
 *
 * Why there may be none:
 *   notTold          no elfcorehdr= on the command line
 *   headerInOwnRam   the headers stand in what B takes for free RAM of its own: it may not map them [log a8]
 *   headerNotFound, headerNotSane, notesEmpty, outOfMemory, unreadable   see vmcore-layout.ts
 *   memoryUnreadable   a range is no RAM, or B's own: the design's law that B can read all that it is to save
 * If B's early allocations took the page of the headers, B may map it and finds no headers [log a1]. Here a
 * page in B's RAM counts as taken when no headers are left in it.
 * Deviations: Linux reads headers and notes once, here they are read again whenever the layout is asked for,
 * so they have to stay; memoryUnreadable would there be an error while copying.
 */
import {
  decodeFileHeader,
  fileHeaderSizeBytes,
  magic,
  programHeaderSizeBytes,
} from '../../image/formats/elf/headers.ts';
import {
  type VmcoreAbsence,
  type VmcoreLayout,
  type VmcoreLoad,
  type VmcoreWarning,
  vmcoreLayout,
} from '../../image/formats/elf/vmcore-layout.ts';
import { ImageError } from '../../image/image-error.ts';
import {
  addressOf,
  frameOf,
  offsetInPage,
  type PhysicalAddress,
  pageSizeBytes,
  physical,
} from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import {
  type AddressRange,
  type FirmwareMap,
  rangesWithin,
  rangesWithout,
  usableRanges,
} from '../firmware-map.ts';
import { memparse } from '../linux/memparse.ts';
import { bootParameters, knownMap, parameterOf } from './boot-parameters.ts';
import { readPageOf } from './read-page.ts';

export type VmcoreBox = Pick<Box, 'plan' | 'machine' | 'memory' | 'contents'>;

export type Vmcore =
  | {
      readonly type: 'ready';
      readonly layout: VmcoreLayout;
      readonly warnings: readonly VmcoreWarning[];
    }
  | {
      readonly type: 'absent';
      readonly reason: VmcoreAbsence | 'notTold' | 'headerInOwnRam' | 'memoryUnreadable';
      readonly warnings: readonly VmcoreWarning[];
      /** Where the headers were looked for. */
      readonly at: PhysicalAddress;
    };

export function vmcoreOf(box: VmcoreBox): Vmcore {
  const { commandLine } = bootParameters(box, 'dump');
  const map = knownMap(box, 'dump');
  const at = elfcorehdrAddress(commandLine);
  if (at === undefined) return { type: 'absent', reason: 'notTold', warnings: [], at: physical(0) };
  const headers = readHeaders(box, at);
  const isInOwnRam = headers !== undefined && isFound(headers) && isUsable(map, at);
  if (isInOwnRam) return { type: 'absent', reason: 'headerInOwnRam', warnings: [], at };
  const view = vmcoreLayout(headers ?? new Uint8Array(), (address, lengthBytes) => {
    const bytes = readMemory(box, address, lengthBytes);
    if (bytes !== undefined) return bytes;
    // vmcoreLayout makes this the reason `unreadable`.
    throw new ImageError('memory.not-in-image', {
      offset: address,
      expected: `${lengthBytes} bytes of memory`,
      found: 'the end of memory',
    });
  });
  if (view.type === 'absent') return { ...view, at };
  if (view.layout.loads.every((load) => isReadable(box, load, map))) return view;
  return { type: 'absent', reason: 'memoryUnreadable', warnings: view.warnings, at };
}

/** `elfcorehdr=[size[KMG]@]offset[KMG]`; a value that cannot be read is as good as none. */
export function elfcorehdrAddress(commandLine: string): PhysicalAddress | undefined {
  const text = parameterOf(commandLine, 'elfcorehdr');
  if (text === undefined) return undefined;
  const first = memparse(text);
  const last = text[first.end] === '@' ? memparse(text, first.end + 1) : first;
  return last.end > 0 ? physical(last.value) : undefined;
}

/** File header and program headers, as many as the first says; undefined where there is no memory. */
function readHeaders(box: VmcoreBox, at: PhysicalAddress): Uint8Array | undefined {
  const first = readMemory(box, at, fileHeaderSizeBytes);
  if (first === undefined || !isFound(first)) return first;
  const { programHeaderCount } = decodeFileHeader(first);
  return readMemory(box, at, fileHeaderSizeBytes + programHeaderCount * programHeaderSizeBytes);
}

const isFound = (headers: Uint8Array): boolean => decodeFileHeader(headers).magic === magic;

const isUsable = (map: FirmwareMap, address: PhysicalAddress): boolean =>
  usableRanges(map).some(({ start, endExclusive }) => address >= start && address < endExclusive);

/** A copy; undefined when the bytes reach beyond memory. */
function readMemory(box: VmcoreBox, address: PhysicalAddress, lengthBytes: number): Uint8Array | undefined {
  if (!(address + lengthBytes <= box.plan.memoryEnd)) return undefined;
  const bytes = new Uint8Array(lengthBytes);
  const readPage = readPageOf(box);
  for (let done = 0; done < lengthBytes; ) {
    const at = physical(address + done);
    const page = readPage(frameOf(at));
    if (page === undefined) return undefined;
    const part = page.subarray(offsetInPage(at), offsetInPage(at) + lengthBytes - done);
    bytes.set(part, done);
    done += part.length;
  }
  return bytes;
}

/** RAM of the machine, and not what B was given to use. */
function isReadable({ plan }: VmcoreBox, load: VmcoreLoad, map: FirmwareMap): boolean {
  const range = rangeOf(load);
  if (rangesWithout([range], usableRanges(plan.firmwareMap)).length > 0) return false;
  const ofB = plan.layout.dumpRam.flatMap(({ start, count }) =>
    rangesWithin(usableRanges(map), {
      start: addressOf(start),
      endExclusive: physical(addressOf(start) + count * pageSizeBytes),
    }),
  );
  return ofB.every((own) => rangesWithin([own], range).length === 0);
}

/** Where the contents stand, to the byte: firmware may keep the rest of a page. */
function rangeOf(load: VmcoreLoad): AddressRange {
  const start = physical(addressOf(load.firstFrame) + offsetInPage(load.physical));
  return { start, endExclusive: physical(start + load.sizeBytes) };
}
