import { describe, expect, it } from 'vitest';
import { buildElfcorehdr } from '../../image/formats/elf/elfcorehdr.ts';
import { frameOf, physical } from '../../image/pfn.ts';
import type { Box } from '../../kernels/box.ts';
import { notePlaces } from '../../kernels/executors/crash-notes.ts';
import { openVmcore } from '../../kernels/executors/save.ts';
import { defectsOf } from '../../kernels/kexec/defects.ts';
import { messagesOf } from '../../kernels/linux/messages/index.ts';
import { fillTemplate } from '../../kernels/linux/messages/template.ts';
import {
  elfcorehdrAt,
  headersFor,
  lastReply,
  pageWith,
  patternOf,
  type SavingOptions,
  savingBox,
} from './saving-box.ts';

const headerFrame = (box: Box) => frameOf(physical(elfcorehdrAt(box.plan)));

/** What B printed, and whether there is a /proc/vmcore. */
function opening(options: SavingOptions): { readonly lines: readonly string[]; readonly isThere: boolean } {
  const { small } = savingBox(options);
  small.run(openVmcore);
  const { vmcore } = small.machine().kernels.dump;
  expect(lastReply(small)).toEqual({ type: vmcore === 'open' ? 'vmcore.opened' : 'vmcore.missing' });
  const lines = small.lines.map(({ line, values }) => fillTemplate(messagesOf('6.12')[line], values));
  return { lines, isThere: vmcore === 'open' };
}

describe('B has no /proc/vmcore', () => {
  it('when its early allocations took the page of the headers, as with mem= (log a1)', () => {
    const taken = opening({
      bSeesAllMemory: true,
      inB: (box) => box.memory.write(headerFrame(box), patternOf(box, 'dump', 1)),
    });
    expect(taken).toEqual({ lines: ['Warning: Core image elf header not found'], isThere: false });
  });

  it('when the headers stand in what it takes for free RAM of its own (log a8)', () => {
    const { lines, isThere } = opening({ bSeesAllMemory: true });
    expect(isThere).toBe(false);
    expect(lines).toEqual([
      '------------[ cut here ]------------',
      'ioremap on RAM at 0x000000000efff000 - 0x000000000effffff',
      'WARNING: CPU: 0 PID: 1 at arch/x86/mm/ioremap.c:217 __ioremap_caller.constprop.0+0xa5/0x260',
      '---[ end trace 0000000000000000 ]---',
    ]);
  });

  it.each(['reserved', 'on-demand'] as const)(
    'when all notes are empty and VMCOREINFO is left out, as shipped (log a9, loaded %s)',
    (load) => {
      const { lines, isThere } = opening({ plan: { load, defects: defectsOf('noVmcore') } });
      expect(isThere).toBe(false);
      expect(lines).toEqual([
        'Warning: Zero PT_NOTE entries found',
        'Warning: Zero PT_NOTE entries found',
        '------------[ cut here ]------------',
        'WARNING: CPU: 0 PID: 1 at mm/vmalloc.c:3838 __vmalloc_node_range_noprof+0x3f/0x4b8',
        '---[ end trace 0000000000000000 ]---',
      ]);
    },
  );

  it('when the headers are damaged', () => {
    const damage = (box: Box): void => {
      const bytes = headersFor(box.plan);
      // No program headers: e_phnum at 56.
      bytes.set([0, 0], 56);
      box.memory.write(headerFrame(box), pageWith(box, bytes));
    };
    const { lines, isThere } = opening({ inB: damage });
    expect({ lines, isThere }).toEqual({
      lines: ['Warning: Core image elf header is not sane'],
      isThere: false,
    });
  });

  it('when nobody told it where the headers are, or told it wrong', () => {
    expect(opening({ commandLine: 'console=ttyS0,115200' })).toEqual({ lines: [], isThere: false });
    expect(opening({ commandLine: 'elfcorehdr=' })).toEqual({ lines: [], isThere: false });
    expect(opening({ commandLine: 'elfcorehdr=64T' })).toEqual({
      lines: ['Warning: Core image elf header not found'],
      isThere: false,
    });
  });

  it('when a range is no RAM', () => {
    const { lines, isThere } = opening({
      inB: (box) => {
        const { cpus, vmcoreinfo } = notePlaces(box.plan, 'original');
        const bytes = buildElfcorehdr({
          cpuNotes: cpus,
          vmcoreinfo,
          kernelText: { virtual: 'ffffffff81000000', physical: physical(0x1000000), sizeBytes: 0x1000 },
          ranges: [{ first: physical(0xa0000), last: physical(0xfffff) }],
          directMap: 'ffff888000000000',
        });
        box.memory.write(headerFrame(box), pageWith(box, bytes));
      },
    });
    expect(isThere).toBe(false);
    expect(lines).toEqual(Array(2).fill('Warning: Zero PT_NOTE entries found'));
  });

  it('when a range is its own memory, as headers of before the swap say of the kernel', () => {
    const { isThere } = opening({
      plan: { load: 'on-demand' },
      inB: (box) => box.memory.write(headerFrame(box), pageWith(box, headersFor(box.plan))),
    });
    expect(isThere).toBe(false);
  });

  it('when a note is said to lie beyond memory', () => {
    const { isThere, lines } = opening({
      inB: (box) => {
        const bytes = headersFor(box.plan);
        // The offset of the first program header, 8 bytes at 64 + 8: its fifth byte makes it more than 1 TiB.
        bytes[64 + 8 + 5] = 1;
        box.memory.write(headerFrame(box), pageWith(box, bytes));
      },
    });
    expect({ isThere, lines }).toEqual({ isThere: false, lines: [] });
  });
});

describe('B has a /proc/vmcore', () => {
  it('with one warning for each processor, because a jump leaves no registers', () => {
    const { lines, isThere } = opening({ size: { cpuCount: 4 } });
    expect({ lines, isThere }).toEqual({
      lines: Array(4).fill('Warning: Zero PT_NOTE entries found'),
      isThere: true,
    });
  });

  it('found by a size and an offset as well', () => {
    const { plan } = savingBox().small;
    const commandLine = `elfcorehdr=16K@0x${elfcorehdrAt(plan).toString(16)}`;
    expect(opening({ commandLine }).isThere).toBe(true);
  });

  it('without the note that runs past its buffer', () => {
    const damage = (box: Box): void => {
      const { start } = box.plan.layout.original.notes;
      // Sizes of name and descriptor: 5 and 0x1000.
      const note = Uint8Array.of(5, 0, 0, 0, 0, 0x10, 0, 0, 1, 0, 0, 0);
      box.memory.write(start, pageWith(box, note));
    };
    const { lines, isThere } = opening({ beforeJump: damage });
    expect(isThere).toBe(true);
    expect(lines[0]).toBe('Warning: Exceeded p_memsz, dropping PT_NOTE entry n_namesz=0x5, n_descsz=0x1000');
  });
});
