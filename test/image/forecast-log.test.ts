import { describe, expect, it } from 'vitest';
import { firmwareMapCrc, mapEntryOf, usableFrames } from '../../image/forecast/firmware-map.ts';
import { machineOf } from '../../image/forecast/machine.ts';
import { readMachineLog } from '../../image/forecast/machine-log.ts';

/** As c1 and x7 printed them, with the CRC that their images and kernels had. */
const map160 = [
  '[mem 0x0000000000000000-0x000000000009fbff] usable',
  '[mem 0x000000000009fc00-0x000000000009ffff] reserved',
  '[mem 0x00000000000f0000-0x00000000000fffff] reserved',
  '[mem 0x0000000000100000-0x0000000009fdcfff] usable',
  '[mem 0x0000000009fdd000-0x0000000009ffffff] reserved',
  '[mem 0x00000000fffc0000-0x00000000ffffffff] reserved',
  '[mem 0x000000fd00000000-0x000000ffffffffff] reserved',
];

const entriesOf = (lines: readonly string[]) => lines.map((line, index) => mapEntryOf(line, index + 1));
const bootOf = (...lines: readonly string[]): string =>
  ['Linux version 6.12.117 (root@box) (gcc)', ...lines].map((line) => `[    0.000000] ${line}\n`).join('');
const biosLines = map160.map((line) => `BIOS-e820: ${line}`);

describe('the memory map of the firmware', () => {
  it('has the CRC that Linux put into the image of the same machine', () => {
    expect(firmwareMapCrc(entriesOf(map160))).toBe('000000007a25f141');
    expect(firmwareMapCrc(entriesOf(map160.toReversed()))).not.toBe('000000007a25f141');
  });

  it('has as many usable frames as Linux counts', () => {
    expect(usableFrames(entriesOf(map160))).toBe(40_827);
  });

  it('knows the kinds of memory that Linux prints, and no others', () => {
    const kindOf = (kind: string): number => mapEntryOf(`[mem 0x0-0xfff] ${kind}`, 1).type;
    expect(
      [
        'usable',
        'reserved',
        'ACPI data',
        'ACPI NVS',
        'unusable',
        'persistent (type 12)',
        'soft reserved',
        'type 20',
      ].map(kindOf),
    ).toEqual([1, 2, 3, 4, 5, 12, 0xefffffff, 20]);
    expect(() => kindOf('odd')).toThrow('at line 1 expected');
  });
});

describe('a log', () => {
  it('tells the machine whatever stands before its lines', () => {
    const plain = readMachineLog(bootOf(...biosLines));
    const journal = bootOf(...biosLines).replaceAll('[    0.000000]', 'Nov 20 08:16:41 box kernel:');
    const serial = bootOf(...biosLines).replaceAll('\n', '\r\n');
    const raw = bootOf(...biosLines).replaceAll('[    0.000000] ', '<6>');
    for (const text of [journal, serial, raw]) expect(readMachineLog(text)).toEqual(plain);
    expect(machineOf({ log: plain })).toMatchObject({ memoryMapCrc: '000000007a25f141', frameCount: 40_827 });
  });

  it('of several boots tells the last', () => {
    const first = bootOf(...biosLines.slice(0, 3), 'Command line: one');
    const { commandLine, firmwareMap } = readMachineLog(first + bootOf('Command line: two', ...biosLines));
    expect(commandLine).toBe('two');
    expect(firmwareMap).toHaveLength(7);
  });

  it('may be the memory map alone', () => {
    expect(machineOf({ log: readMachineLog(biosLines.join('\n')) }).memoryMapCrc).toBe('000000007a25f141');
  });

  it('takes the extended map where there is one, and never the one that the command line made', () => {
    const extended = map160.slice(0, 5).map((line) => `extended: ${line}`);
    const user = map160.slice(0, 2).map((line) => `user: ${line}`);
    expect(readMachineLog(bootOf(...biosLines, ...extended, ...user)).firmwareMap).toHaveLength(5);
    expect(readMachineLog(bootOf(...biosLines, ...user)).firmwareMap).toHaveLength(7);
  });

  it('without its memory line counts frames by nodes, then by the map, unless the command line cut it', () => {
    const frames = (...lines: readonly string[]) =>
      machineOf({ log: readMachineLog(bootOf(...biosLines, ...lines)) }).frameCount;
    expect(frames('Memory: 134788K/163308K available (6144K kernel code)')).toBe(40_827);
    expect(frames('  node   0: [mem 0x0000000000001000-0x000000000009efff]')).toBe(0x9e);
    expect(frames()).toBe(40_827);
    expect(frames('Command line: mem=64M')).toBeUndefined();
  });

  it('tells what each zone of each node spans, holes and all', () => {
    const { zones } = readMachineLog(
      bootOf(
        '  DMA      [mem 0x0000000000001000-0x0000000000ffffff]',
        '  DMA32    [mem 0x0000000001000000-0x00000000ffffffff]',
        '  Normal   empty',
        '  node   0: [mem 0x0000000000001000-0x000000000009efff]',
        '  node   0: [mem 0x0000000000100000-0x0000000009fdcfff]',
        '  node   1: [mem 0x0000000010000000-0x000000001fffffff]',
      ),
    );
    expect(zones).toEqual([
      { startFrame: 1, endFrame: 0x1000 },
      { startFrame: 0x1000, endFrame: 0x9fdd },
      { startFrame: 0x10000, endFrame: 0x20000 },
    ]);
  });

  it('of other RAM than the machine has is not believed where it matters', () => {
    const log = readMachineLog(bootOf(...biosLines, 'Memory: 134788K/163308K available ('));
    expect(machineOf({ log, ramBytes: 160 * 2 ** 20 }).memoryMapCrc).toBe('000000007a25f141');
    expect(machineOf({ log, ramBytes: 176 * 2 ** 20 })).toMatchObject({
      memoryMapCrc: undefined,
      formerMapCrc: '000000007a25f141',
      frameCount: undefined,
    });
  });
});
