import { describe, expect, test } from 'vitest';
import { physical } from '../../image/pfn.ts';
import { firmwareMap, mapOfLinux, usableRanges } from '../../kernels/firmware-map.ts';
import { type DefectName, defectsOf } from '../../kernels/kexec/defects.ts';
import { planLoad, type ToolPlan } from '../../kernels/kexec/kexec-tools.ts';
import type { ToolRequest } from '../../kernels/kexec/tool-request.ts';

const map = mapOfLinux(firmwareMap({ ramBytes: 256 * 2 ** 20 })).map;

/** The machine, kernel and mem-max of log a1. */
const corrected: ToolRequest = {
  kind: 'jump',
  map,
  commandLine: 'ro',
  kernelPages: 0x13bd,
  initrdBytes: 0x31f15e,
  memMax: physical(0x50fffff),
  acpiRsdp: physical(0xf59d0),
  defects: defectsOf(),
};

const planned = (request: ToolRequest): ToolPlan => {
  const answer = planLoad(request);
  if (answer.type !== 'tool.planned') throw new Error(answer.exit.lines.join('\n'));
  return answer;
};
const hex = (value: number) => `0x${value.toString(16)}`;

describe('a jump, corrected and with each defect', () => {
  const withDefect = (...names: readonly DefectName[]) => ({ ...corrected, defects: defectsOf(...names) });
  const ramOfB = (request: ToolRequest) =>
    usableRanges(planned(request).mapOfB).map(
      ({ start, endExclusive }) => `${hex(start)}-${hex(endExclusive - 1)}`,
    );
  const backups = (request: ToolRequest) =>
    planned(request)
      .segments.filter(({ purpose }) => purpose === 'backup')
      .map(({ memoryStart, memorySizeBytes }) => `${hex(memoryStart)}+${hex(memorySizeBytes)}`);

  test('corrected, B is shown its own range without the elfcorehdr, and nothing is added to its command line', () => {
    expect(ramOfB(corrected)).toEqual(['0x1000-0x9fbff', '0x100000-0x50fbfff']);
    expect(planned(corrected).commandLine).toBe('ro acpi_rsdp=0xf59d0 elfcorehdr=82928K');
  });

  test('corrected, the elfcorehdr has a VMCOREINFO note and the RAM outside of the range', () => {
    expect(planned(corrected).elfcorehdr).toEqual({
      start: 0x50fc000,
      cpuCount: 1,
      hasVmcoreinfo: true,
      loads: [
        { physicalStart: 0x1000, sizeBytes: 0x9ec00, contentStart: 0x1000 },
        { physicalStart: 0x5100000, sizeBytes: 0xaedd000, contentStart: 0x5100000 },
      ],
    });
  });

  test('the default of all options is the corrected tool, without acpi_rsdp', () => {
    const plan = planned({ kind: 'jump', map: map, commandLine: 'ro', memMax: physical(0x50fffff) });
    expect(plan.commandLine).toBe('ro elfcorehdr=82928K');
    expect(plan.segments.find(({ purpose }) => purpose === 'kernel')?.memorySizeBytes).toBe(0xe4d000);
    expect(plan.segments.find(({ purpose }) => purpose === 'initrd')?.memorySizeBytes).toBe(0x386000);
  });

  test('bSeesAllMemory: B is shown all RAM', () => {
    expect(planned(withDefect('bSeesAllMemory')).mapOfB).toEqual(map);
  });

  test('rangeStartWrong: the BIOS is the start of the range, as in logs a1 and a9', () => {
    const request: ToolRequest = { ...withDefect('rangeStartWrong'), limitBy: 'memmap' };
    const plan = planned(request);
    expect(plan.commandLine).toBe(
      'ro acpi_rsdp=0xf59d0 elfcorehdr=82928K memmap=exactmap memmap=635K@4K memmap=81968K@960K',
    );
    expect(plan.elfcorehdr?.loads.map(({ physicalStart, sizeBytes }) => [physicalStart, sizeBytes])).toEqual([
      [0x1000, 0x9ec00],
      [0x100000, 0xffffffffffff0000],
      [0x5100000, 0xaedd000],
    ]);
  });

  test('rangeStartWrong: without a firmware range there, the tool goes right by chance', () => {
    const plain = map.filter(({ start }) => start !== 0xf0000);
    const plan = planned({ ...withDefect('rangeStartWrong'), map: plain });
    expect(plan.elfcorehdr?.loads.map(({ physicalStart }) => physicalStart)).toEqual([0x1000, 0x5100000]);
  });

  test('memmap= leaves out ranges below 100 KiB', () => {
    const small = map.map((range) =>
      range.start === 0x1000 ? { ...range, endExclusive: physical(0x19c00) } : range,
    );
    expect(planned({ ...corrected, map: small, limitBy: 'memmap' }).commandLine).toMatch(
      /exactmap memmap=81904K@1024K$/,
    );
  });

  test('memmap= and mem= also keep B in its range', () => {
    const memmap = planned({ ...corrected, limitBy: 'memmap' });
    expect(memmap.commandLine).toContain('memmap=exactmap memmap=635K@4K memmap=81904K@1024K');
    expect(memmap.mapOfB).toEqual(map);
    expect(planned({ ...corrected, limitBy: 'mem' }).commandLine).toBe(
      'ro mem=82944K acpi_rsdp=0xf59d0 elfcorehdr=82928K',
    );
  });

  test('with mem-min 16 MiB the corrected tool still saves all that B may use', () => {
    const high = { ...corrected, memMin: physical(0x1000000) };
    expect(backups(high)).toEqual(['0x1000+0x9e000', '0x100000+0x37e0000', '0x4fbd000+0x131000']);
  });

  test('lowMemoryNotSaved: with mem-min 16 MiB nothing below 1 MiB is saved, by default it is', () => {
    const request = withDefect('lowMemoryNotSaved');
    expect(backups({ ...request, memMin: physical(0x1000000) })).toEqual([
      '0x100000+0x37e0000',
      '0x4fbd000+0x131000',
    ]);
    expect(backups(request)[0]).toBe('0x1000+0x9e000');
  });

  test('controlPageInsideRange: with mem-min 16 MiB the memory between 1 MiB and there is not saved', () => {
    const request = { ...withDefect('controlPageInsideRange'), memMin: physical(0x1000000) };
    expect(backups(request)).toEqual(['0x1000+0x9e000', '0x1000000+0x28e0000', '0x4fbd000+0x131000']);
  });

  test('noVmcore: the elfcorehdr has no VMCOREINFO note', () => {
    expect(planned(withDefect('noVmcore')).elfcorehdr?.hasVmcoreinfo).toBe(false);
  });

  test('whatever B may use is swapped out, with every choice of mem-min', () => {
    for (const memMin of [0, 0x1000, 0x100000, 0x1000000, 0x2000000]) {
      const plan = planned({ ...corrected, memMin: physical(memMin) });
      for (const { start, endExclusive } of usableRanges(plan.mapOfB)) {
        for (let at = Math.ceil(start / 4096) * 4096; at + 4096 <= endExclusive; at += 4096) {
          expect(
            plan.segments.some(
              ({ memoryStart, memorySizeBytes }) => at >= memoryStart && at < memoryStart + memorySizeBytes,
            ),
          ).toBe(true);
        }
      }
    }
  });
});
