import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import { firmwareMap, firmwareMapLines, mapOfLinux } from '../../kernels/firmware-map.ts';
import { shippedDefects } from '../../kernels/kexec/defects.ts';
import { planLoad, type ToolPlan } from '../../kernels/kexec/kexec-tools.ts';
import { checkLoad } from '../../kernels/kexec/segments.ts';
import { loadFailedExit } from '../../kernels/kexec/tool-messages.ts';
import type { ToolRequest } from '../../kernels/kexec/tool-request.ts';

const mebibyte = 2 ** 20;
const mapOf = (ramMebibytes: number, virtioDiskCount = 1) =>
  mapOfLinux(firmwareMap({ ramBytes: ramMebibytes * mebibyte, virtioDiskCount })).map;

/** Of the lab's kernel: init_size 0x13bd000, 0x385400 bytes of file behind its setup part. */
const labKernel = { kernelPages: 0x13bd, kernelFileBytes: 0x385400 };
const jumpLine =
  'console=ttyS0,115200 no_console_suspend ignore_loglevel pm_debug_messages lab=jumpB nr_cpus=1 mem=81M save=0 extra= rounds=1';

/** Log a1, tools as shipped. */
const jumpOfA1: ToolRequest = {
  kind: 'jump',
  map: mapOf(256),
  commandLine: jumpLine,
  ...labKernel,
  initrdBytes: 0x31f15e,
  memMax: physical(0x50fffff),
  acpiRsdp: physical(0xf59d0),
  defects: shippedDefects,
};

const planned = (request: ToolRequest): ToolPlan => {
  const answer = planLoad(request);
  if (answer.type !== 'tool.planned') throw new Error(answer.exit.lines.join('\n'));
  return answer;
};
const stopped = (request: ToolRequest) => {
  const answer = planLoad(request);
  return answer.type === 'tool.stopped' ? answer.exit : undefined;
};
/** One line a segment, as the tables of the logs have them: start, size, buffer, purpose. */
const table = ({ segments }: ToolPlan) =>
  segments.map(({ memoryStart, memorySizeBytes, bufferSizeBytes, purpose }) =>
    [memoryStart, memorySizeBytes, bufferSizeBytes]
      .map((value) => `0x${value.toString(16)}`)
      .concat(purpose)
      .join(' '),
  );
const hex = (value: number | undefined) => `0x${value?.toString(16)}`;

describe('the segment tables of real loads', () => {
  test('a jump with mem-max 0x50fffff has the table of log a1', () => {
    const plan = planned(jumpOfA1);
    expect(table(plan)).toEqual([
      '0x1000 0x9e000 0x0 backup',
      '0x100000 0x37e0000 0x0 backup',
      '0x38e0000 0x320000 0x31f15e initrd',
      '0x3c00000 0x13bd000 0x385400 kernel',
      '0x4fbd000 0x131000 0x0 backup',
      '0x50ee000 0x5000 0x40e1 boot parameters',
      '0x50f3000 0x9000 0x70e0 purgatory',
      '0x50fc000 0x4000 0x400 elfcorehdr',
    ]);
    expect([hex(plan.request.entry), hex(plan.request.flags)]).toEqual(['0x50f3760', '0x3e0002']);
    expect(plan.commandLine).toBe(`${jumpLine} acpi_rsdp=0xf59d0 elfcorehdr=82928K`);
  });

  test('a jump with mem-min 0x1000000 and mem-max 0x9ffffff has the table of linux.md A1.7', () => {
    const { acpiRsdp: _, initrdBytes: __, kernelPages: ___, kernelFileBytes: ____, ...rest } = jumpOfA1;
    const plan = planned({
      ...rest,
      map: mapOf(512),
      memMin: physical(0x1000000),
      memMax: physical(0x9ffffff),
    });
    expect(
      plan.segments.map(({ memoryStart, memorySizeBytes }) => `${hex(memoryStart)} ${hex(memorySizeBytes)}`),
    ).toEqual([
      '0x1000000 0x7c7a000',
      '0x8c7a000 0x386000',
      '0x9000000 0xe4d000',
      '0x9e4d000 0x1a1000',
      '0x9fee000 0x5000',
      '0x9ff3000 0x9000',
      '0x9ffc000 0x4000',
    ]);
    expect(plan.request.flags).toBe(0x3e0002);
  });

  test('a jump with mem-max beyond the end of RAM has the table of log e8, and the kernel refuses it', () => {
    const plan = planned({ ...jumpOfA1, initrdBytes: 0x31f59b, memMax: physical(0xfffffff) });
    expect(table(plan).map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      '0x1000 0x9e000',
      '0x100000 0xe7e0000',
      '0xe8e0000 0x320000',
      '0xec00000 0x13bd000',
      '0xffbd000 0xe000',
      '0xffcb000 0x5000',
      '0xffd0000 0x9000',
      '0xffd9000 0x4000',
    ]);
    const machine = {
      mayBoot: true,
      loadDisabled: false,
      loadsLeft: null,
      lockdown: 'none' as const,
      locked: false,
      hasKexecJump: true,
      ramPages: 240292 / 4,
      destinationLimit: physical(2 ** 46),
      crashReservation: null,
    };
    expect(checkLoad(plan.request, machine)).toMatchObject({ errno: 'EINVAL' });
    const exit = loadFailedExit(plan.request, 'EINVAL');
    expect(exit.exitStatus).toBe(255);
    expect(exit.lines.slice(0, 7)).toEqual([
      'kexec_load failed: Invalid argument',
      'entry       = 0xffd0760 flags = 0x3e0002',
      'nr_segments = 8',
      'segment[0].buf   = (nil)',
      'segment[0].bufsz = 0x0',
      'segment[0].mem   = 0x1000',
      'segment[0].memsz = 0x9e000',
    ]);
    expect(exit.lines.length).toBe(3 + 8 * 4);
  });

  test('a plain load with a random seed has the table of log a15', () => {
    const commandLine =
      'console=ttyS0,115200 no_console_suspend ignore_loglevel pm_debug_messages lab=second';
    const plan = planned({
      kind: 'plain',
      map: mapOf(256),
      commandLine,
      ...labKernel,
      initrdBytes: 0x31f1ad,
      hasRandomSeed: true,
    });
    expect(table(plan)).toEqual([
      '0x100000 0x1000 0x30 random seed',
      '0xe8e0000 0x320000 0x31f1ad initrd',
      '0xec00000 0x13bd000 0x385400 kernel',
      '0xffcf000 0x5000 0x4095 boot parameters',
      '0xffd4000 0x9000 0x70e0 purgatory',
    ]);
    expect([hex(plan.request.entry), hex(plan.request.flags)]).toEqual(['0xffd4760', '0x3e0000']);
    expect(plan).toMatchObject({ commandLine, elfcorehdr: undefined, mapOfB: mapOf(256) });
  });

  const crashOfB1: ToolRequest = {
    kind: 'crash',
    map: mapOf(160, 2),
    commandLine:
      'console=ttyS0,115200 no_console_suspend ignore_loglevel pm_debug_messages lab=kdumpB nr_cpus=1 irqpoll reset_devices dm=31 save=0 extra= labz=',
    ...labKernel,
    initrdBytes: 0x31f1ad,
    crashReservation: { start: physical(0x5000000), endExclusive: physical(0x8000000) },
    acpiRsdp: physical(0xf59c0),
    hasRandomSeed: true,
    defects: shippedDefects,
  };

  test('a crash load into 0x5000000 to 0x7ffffff has the table of log b1', () => {
    const plan = planned(crashOfB1);
    expect(table(plan)).toEqual([
      '0x5000000 0x1000 0x30 random seed',
      '0x66e0000 0x320000 0x31f1ad initrd',
      '0x6a00000 0x13bd000 0x385400 kernel',
      '0x7f4f000 0x5000 0x40f4 boot parameters',
      '0x7f54000 0x9000 0x70e0 purgatory',
      '0x7f5d000 0x4000 0x400 elfcorehdr',
      '0x7f61000 0x9f000 0x9ec00 low memory copy',
    ]);
    expect([hex(plan.request.entry), hex(plan.request.flags)]).toEqual(['0x7f54760', '0x3e0001']);
    expect(plan.commandLine).toBe(`${crashOfB1.commandLine} acpi_rsdp=0xf59c0 elfcorehdr=130420K`);
  });

  test('after a crash B is shown the map of log b1, and its elfcorehdr describes the RAM that log lists', () => {
    const plan = planned(crashOfB1);
    expect(firmwareMapLines(plan.mapOfB, 'BIOS-e820')).toEqual([
      'BIOS-e820: [mem 0x0000000000000000-0x0000000000000fff] reserved',
      'BIOS-e820: [mem 0x0000000000001000-0x000000000009fbff] usable',
      'BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved',
      'BIOS-e820: [mem 0x00000000000f0000-0x00000000000fffff] reserved',
      'BIOS-e820: [mem 0x0000000005000000-0x0000000007f5cfff] usable',
      'BIOS-e820: [mem 0x0000000007fffc00-0x0000000007ffffff] usable',
      'BIOS-e820: [mem 0x0000000009fda000-0x0000000009ffffff] reserved',
      'BIOS-e820: [mem 0x00000000fffc0000-0x00000000ffffffff] reserved',
      'BIOS-e820: [mem 0x000000fd00000000-0x000000ffffffffff] reserved',
    ]);
    expect(plan.elfcorehdr).toEqual({
      start: 0x7f5d000,
      cpuCount: 1,
      hasVmcoreinfo: true,
      loads: [
        { physicalStart: 0x1000, sizeBytes: 0x9ec00, contentStart: 0x7f61000 },
        { physicalStart: 0x100000, sizeBytes: 0x4f00000, contentStart: 0x100000 },
        { physicalStart: 0x8000000, sizeBytes: 0x1fda000, contentStart: 0x8000000 },
      ],
    });
  });

  test('each processor, VMCOREINFO, the kernel text and each RAM range take a header of the elfcorehdr', () => {
    const sizesFor = (cpuCount: number) => {
      const header = planned({ ...crashOfB1, cpuCount }).segments.find(
        ({ purpose }) => purpose === 'elfcorehdr',
      );
      return [header?.bufferSizeBytes, header?.memorySizeBytes];
    };
    // 64 bytes, and 56 for each of cpuCount + 1 + 1 + 3; padded to 1 KiB, and at least 16 KiB of memory.
    expect(sizesFor(12)).toEqual([1024, 0x4000]);
    expect(sizesFor(13)).toEqual([2048, 0x4000]);
    expect(sizesFor(512)).toEqual([29696, 0x8000]);
  });
});

describe('what the tool refuses', () => {
  const jump: ToolRequest = { kind: 'jump', map: mapOf(256), commandLine: 'ro', ...labKernel };

  test('a jump without --mem-max is refused [log e8]', () => {
    expect(stopped(jump)).toEqual({
      lines: [
        'Please specify memory range used by kexeced kernel',
        'to preserve the context of original kernel with ',
        '"--mem-max" parameter',
      ],
      exitStatus: 1,
    });
  });

  test('a jump by the call that knows none is refused [log e8]', () => {
    expect(stopped({ ...jump, memMax: physical(0x50fffff), usesFileCall: true })).toEqual({
      lines: ['--load-preserve-context not supported with kexec_file_load'],
      exitStatus: 1,
    });
  });

  test('a mem-max below the range is too small', () => {
    expect(stopped({ ...jump, memMax: physical(0xfffff), kernelPath: '/boot/b' })).toEqual({
      lines: ['Too small mem_max: 0xfffff.', 'Cannot load /boot/b'],
      exitStatus: 255,
    });
  });

  test('a mem-max with too little room for the initrd finds no hole [log e8]', () => {
    expect(stopped({ ...jump, memMax: physical(0x1ffffff), initrdBytes: 0x31f59b })).toEqual({
      lines: ['Could not find a free area of memory of 0x320000 bytes...', 'locate_hole failed'],
      exitStatus: 1,
    });
  });

  test('a crash load without a reservation is refused [log e8]', () => {
    expect(stopped({ ...jump, kind: 'crash' })).toEqual({
      lines: [
        'Memory for crashkernel is not reserved',
        'Please reserve memory by passing"crashkernel=Y@X" parameter to kernel',
        'Then try to loading kdump kernel',
      ],
      exitStatus: 1,
    });
  });

  test('a command line of 2,048 bytes overflows', () => {
    const request = { ...jump, memMax: physical(0x50fffff), commandLine: 'x'.repeat(2040) };
    expect(stopped(request)).toEqual({ lines: ['Command line overflow'], exitStatus: 1 });
  });
});
