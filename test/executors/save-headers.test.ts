import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../image/bytes.ts';
import { readElfcorehdr } from '../../image/formats/elf/elfcorehdr.ts';
import { fileHeaderSizeBytes, programHeaderSizeBytes } from '../../image/formats/elf/headers.ts';
import { addressOf, frameOf, type Pfn, pageSizeBytes, pfn, physical } from '../../image/pfn.ts';
import { notePlaces } from '../../kernels/executors/crash-notes.ts';
import { elfcorehdrFor } from '../../kernels/executors/save-headers.ts';
import { mapOfLinux } from '../../kernels/firmware-map.ts';
import { defectsOf } from '../../kernels/kexec/defects.ts';
import { coreLoads } from '../../kernels/kexec/range-of-dump-kernel.ts';
import { rangeHolds } from '../../kernels/linux/memory-layout.ts';
import { smallBox } from '../kit/small-box.ts';
import { headersFor } from './saving-box.ts';

const onDemand = smallBox({ plan: { load: 'on-demand' } }).plan;
const reserved = smallBox().plan;

/** All frames of B's range went up by this much. */
const distance = 0x6000;
const isInRange = (frame: Pfn): boolean => onDemand.layout.dumpRam.some((range) => rangeHolds(range, frame));
const raised = (frame: Pfn): Pfn => (isInRange(frame) ? pfn(frame + distance) : frame);

/** Offset, physical address and sizes of the program headers, as they stand: sizes may be no numbers. */
function programHeaders(bytes: Uint8Array): string[] {
  const reader = new ByteReader(bytes);
  return Array.from({ length: reader.u16(56) }, (_, index) => {
    const at = fileHeaderSizeBytes + index * programHeaderSizeBytes;
    const [offset, virtual, physicalAt, sizeBytes] = [8, 16, 24, 40].map((field) => reader.hex64(at + field));
    return `${reader.u32(at)} ${offset} ${virtual} ${physicalAt} ${sizeBytes}`;
  });
}

describe('the headers of a jump, as shipped,', () => {
  it('have the ranges of log a1, which wrap, and no VMCOREINFO', () => {
    const plan = { ...onDemand, defects: defectsOf('noVmcore', 'rangeStartWrong') };
    const own = { start: physical(0xf0000), endExclusive: physical(0x5100000) };
    const bytes = elfcorehdrFor(plan, {
      kernel: 'original',
      elfcorehdr: {
        start: physical(0x50fc000),
        cpuCount: 1,
        hasVmcoreinfo: false,
        loads: coreLoads(mapOfLinux(plan.firmwareMap).map, own, plan.defects),
      },
      whereIs: raised,
    });
    const [note, kernel, ...ranges] = programHeaders(bytes);
    const places = notePlaces(plan, 'original').cpus.map((place) => place.physical.toString(16));
    expect(note).toContain(`4 ${places[0]?.padStart(16, '0')} `);
    expect(kernel).toContain('1 0000000001000000 ffffffff81000000 0000000001000000 ');
    // The tool writes the offset of the first range as 0 [log a1]; here it is where the range is.
    expect(ranges).toEqual([
      '1 0000000000001000 ffff888000001000 0000000000001000 000000000009ec00',
      '1 0000000000100000 ffff888000100000 0000000000100000 ffffffffffff0000',
      '1 0000000005100000 ffff888005100000 0000000005100000 000000000aedd000',
    ]);
  });

  it('point to where A had its notes, not to where they will be', () => {
    const plan = { ...onDemand, defects: defectsOf('noVmcore') };
    const { notes } = readElfcorehdr(headersFor(plan, raised));
    expect(notes).toEqual(notePlaces(plan, 'original').cpus);
  });
});

describe('the headers of a jump on demand, corrected,', () => {
  const { notes, loads } = readElfcorehdr(headersFor(onDemand, raised));

  it('point to where the notes are after the swap', () => {
    const { cpus, vmcoreinfo } = notePlaces(onDemand, 'original');
    const expected = [...cpus, vmcoreinfo].map(({ physical: address, sizeBytes }) => ({
      physical: address + distance * pageSizeBytes,
      sizeBytes,
    }));
    expect(notes).toEqual(expected);
  });

  it("read nothing out of B's range, and describe all that A had there", () => {
    expect(
      loads.filter(
        ({ offset, memorySizeBytes }) => memorySizeBytes > 0 && isInRange(frameOf(physical(offset))),
      ),
    ).toEqual([]);
    const moved = loads.filter(({ offset, physical: address }) => offset !== address);
    expect(moved.map(({ physical: address, memorySizeBytes }) => [address, memorySizeBytes])).toEqual([
      [0x1000, 0x9e000],
      [0x100000, 0x5000000],
    ]);
  });

  it('leave out frames that were free and became those of B', () => {
    const free = pfn(0x4000);
    const mostly = (frame: Pfn): Pfn => (frame >= free && isInRange(frame) ? frame : raised(frame));
    const covered = readElfcorehdr(headersFor(onDemand, mostly)).loads.filter(
      ({ physical: address, memorySizeBytes }) =>
        address + memorySizeBytes > addressOf(free) && address <= onDemand.layout.memMax,
    );
    expect(covered).toEqual([]);
  });

  it('keep VMCOREINFO to its first page when its pages have parted', () => {
    const { vmcoreinfo } = notePlaces(onDemand, 'original');
    const second = frameOf(vmcoreinfo.physical) + 1;
    const parted = (frame: Pfn): Pfn => (frame === second ? pfn(0xf000) : raised(frame));
    expect(readElfcorehdr(headersFor(onDemand, parted)).notes.at(-1)).toEqual({
      physical: vmcoreinfo.physical + distance * pageSizeBytes,
      sizeBytes: pageSizeBytes,
    });
  });

  it('fit their 16 KiB, however scattered the memory of A is', () => {
    const scattered = (frame: Pfn): Pfn => (isInRange(frame) ? pfn(0x20000 - 2 * frame) : frame);
    const bytes = headersFor(onDemand, scattered);
    expect(bytes).toHaveLength(0x4000);
    expect(readElfcorehdr(bytes).loads.length).toBeGreaterThan(280);
  });
});

describe('where nothing moves', () => {
  it('the headers of a jump into a region are those of before', () => {
    const { notes, loads } = readElfcorehdr(headersFor(reserved));
    const { cpus, vmcoreinfo } = notePlaces(reserved, 'original');
    expect(notes).toEqual([...cpus, vmcoreinfo]);
    expect(loads.every(({ offset, physical: address }) => offset === address)).toBe(true);
  });

  it('the headers of a crash read low memory from its copy', () => {
    const { region } = reserved.layout;
    const copy = addressOf(pfn(region.start + region.count - 0x100));
    const low = { physicalStart: physical(0x1000), sizeBytes: 0x9ec00, contentStart: copy };
    const bytes = elfcorehdrFor(reserved, {
      kernel: 'original',
      elfcorehdr: { start: physical(0), cpuCount: 2, hasVmcoreinfo: true, loads: [low] },
      whereIs: (frame) => frame,
    });
    expect(readElfcorehdr(bytes).loads.at(-1)).toMatchObject({
      offset: copy,
      physical: 0x1000,
      memorySizeBytes: 0x9ec00,
    });
  });
});
