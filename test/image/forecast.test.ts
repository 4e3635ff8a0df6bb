import { describe, expect, it } from 'vitest';
import { type Machine, machineOf } from '../../image/forecast/machine.ts';
import { readMachineLog } from '../../image/forecast/machine-log.ts';
import { type ResumeForecast, resumeForecast } from '../../image/forecast/resume-forecast.ts';
import type { MemoryFile } from '../../image/memory-file.ts';
import { pageSizeBytes } from '../../image/pfn.ts';
import { sampleCrc, sampleFrames, streamImage, swapImage } from './sample-snapshot.ts';

/** A machine that resumes the sample: one zone over all of its frames. */
const logOf = (commandLine = 'resume=/dev/vda'): string => `
Linux version 6.12.117 (root@box) (gcc)
Command line: console=ttyS0 ${commandLine}
  DMA32    [mem 0x0000000000001000-0x00000000ffffffff]
  node   0: [mem 0x0000000000001000-0x0000000003ffffff]
Memory: 60000K/${sampleFrames * 4}K available (6144K kernel code)
`;

const machine = (given: Partial<Parameters<typeof machineOf>[0]> = {}, commandLine?: string): Machine =>
  machineOf({ log: readMachineLog(logOf(commandLine)), memoryMapCrc: sampleCrc, ...given });

const failing = ({ checks }: ResumeForecast) => checks.find(({ result }) => result === 'fail');
const told = ({ checks }: ResumeForecast, name: string) => checks.find((check) => check.name === name);

async function changed(
  codec: 'lzo' | 'lz4' | 'none',
  offset: number,
  bytes: readonly number[],
): Promise<MemoryFile> {
  const file = await swapImage(codec);
  file.writeAt(offset, Uint8Array.from(bytes));
  return file;
}

/** Pages of a sample image: 1 map, 2 info page, 3 first unit or first page of the list. */
const [map, info, list] = [pageSizeBytes, 2 * pageSizeBytes, 3 * pageSizeBytes];

describe('a machine that has what the image asks for', () => {
  it.each(['lzo', 'lz4', 'none'] as const)('will resume, codec %s', async (codec) => {
    const found = resumeForecast(await swapImage(codec), machine());
    expect(found).toMatchObject({ verdict: true, format: 'swsusp' });
    expect(found.checks.filter(({ result }) => result === 'fail' || result === 'unknown')).toEqual([]);
  });

  it('will resume from a stream, and from a swap file that the command line tells', async () => {
    expect(resumeForecast(await streamImage(), machine())).toMatchObject({
      verdict: true,
      format: 'snapshot-stream',
    });
    const file = await swapImage('lzo', { offset: '65536' });
    const asked = machine({}, 'resume=/dev/vda resume_offset=16');
    expect(resumeForecast(file, asked).verdict).toBe(true);
    expect(resumeForecast(file, asked, { offsetBytes: 65_536 }).verdict).toBe(true);
    const elsewhere = resumeForecast(file, machine(), { offsetBytes: 65_536 });
    expect(failing(elsewhere)).toMatchObject({ name: 'resume asked for', expected: 'resume_offset=16' });
  });

  it('is told in the order in which Linux looks', async () => {
    const { checks } = resumeForecast(await swapImage(), machine());
    expect(checks.map(({ name }) => name)).toMatchInlineSnapshot(`
      [
        "hibernation allowed",
        "resume asked for",
        "signature",
        "hardware signature",
        "decompressor",
        "map of the image",
        "image header",
        "firmware memory map",
        "memory size",
        "frame list",
        "room for the image",
        "data",
        "CRC of the data",
        "devices",
        "kernel",
        "processors",
      ]
    `);
  });
});

describe('the boot', () => {
  const byCommandLine = async (commandLine: string) =>
    resumeForecast(await swapImage(), machine({}, commandLine));

  it('that forbids hibernation resumes nothing', async () => {
    for (const word of ['nohibernate', 'hibernate=no'])
      expect(failing(await byCommandLine(`resume=/dev/vda ${word}`))?.name).toBe('hibernation allowed');
    const locked = readMachineLog(
      `${logOf()}Kernel is locked down from EFI Secure Boot mode; see man kernel_lockdown.7\n`,
    );
    expect(failing(resumeForecast(await swapImage(), machine({ log: locked })))?.name).toBe(
      'hibernation allowed',
    );
  });

  it('with noresume leaves it to user space, which nobody knows', async () => {
    expect((await byCommandLine('resume=/dev/vda noresume')).verdict).toBeNull();
  });

  it('without a device goes on all the same, with a note', async () => {
    const found = await byCommandLine('quiet');
    expect(found.verdict).toBe(true);
    expect(told(found, 'resume asked for')).toMatchObject({ result: 'note' });
  });
});

describe('the header', () => {
  it('with a hardware signature is compared with 0, unless the kernel was told to compare', async () => {
    const file = await swapImage('lzo', { 'hardware-signature': '1234abcd' });
    expect(failing(resumeForecast(file, machine()))).toMatchObject({
      name: 'hardware signature',
      log: ['PM: Suspend image hardware signature mismatch (1234abcd now 00000000); aborting resume.'],
    });
    expect(resumeForecast(file, machine({}, 'resume=/dev/vda acpi_sleep=s4_hwsig')).verdict).toBeNull();
    expect(resumeForecast(file, machine({ hardwareSignature: 0x1234abcd })).verdict).toBe(true);
  });

  it('of an image that was consumed says so', async () => {
    const found = resumeForecast(await changed('lzo', 4086, [...Buffer.from('SWAPSPACE2')]), machine());
    expect(failing(found)).toMatchObject({ name: 'signature', error: -22 });
    expect(found.reason).toContain('consumed');
  });

  it('of an LZ4 image means nothing to kernels before 6.9', async () => {
    const file = await swapImage('lz4');
    expect(failing(resumeForecast(file, machine({ release: '6.8.12' })))?.name).toBe('decompressor');
    expect(resumeForecast(file, machine({ release: '6.9' })).verdict).toBe(true);
  });

  it('is missing where the device ends before it', async () => {
    const file = await swapImage();
    expect(failing(resumeForecast(file, machine({}, 'resume=/dev/vda resume_offset=99999')))).toMatchObject({
      name: 'signature',
      error: -5,
    });
  });

  it('with another codec than the data fails where the data is unpacked', async () => {
    expect(failing(resumeForecast(await changed('lzo', 4072, [20]), machine()))).toMatchObject({
      name: 'data',
    });
    expect(failing(resumeForecast(await changed('none', 4072, [0]), machine()))).toMatchObject({
      name: 'data',
    });
  });
});

describe('the map', () => {
  it.each([
    ['that is not there', 4064, [0], -22],
    ['that leads into itself', map + 4088, [1, 0], -12],
    ['that leads out of the device', map + 4088, [0xff, 0xff, 0xff], -5],
  ] as const)('%s stops Linux', async (_what, offset, bytes, error) => {
    const file = await swapImage('none');
    file.writeAt(offset, Uint8Array.from(bytes));
    expect(failing(resumeForecast(file, machine()))).toMatchObject({ name: 'map of the image', error });
  });

  it('with an entry out of the device, or none, fails at that page', async () => {
    expect(
      failing(resumeForecast(await changed('none', map + 80, [0xff, 0xff, 0xff]), machine())),
    ).toMatchObject({
      name: 'data',
      error: -5,
    });
    expect(failing(resumeForecast(await changed('none', map + 80, [0, 0]), machine()))).toMatchObject({
      name: 'data',
      error: -14,
    });
    expect(failing(resumeForecast(await changed('lzo', map + 80, [0, 0]), machine()))).toMatchObject({
      error: -1,
    });
  });
});

describe('the info page', () => {
  it.each([
    ['magic', 24, 'image header'],
    ['CRC of the memory map', 32, 'firmware memory map'],
    ['number of frames', 400, 'memory size'],
    ['number of data pages', 416, 'frame list'],
    ['number of pages', 424, 'frame list'],
  ])('with another %s is refused', async (_what, at, name) => {
    const file = await swapImage('none');
    file.writeAt(info + at, Uint8Array.of((file.readAt(info + at, 1)[0] ?? 0) ^ 0x41));
    expect(failing(resumeForecast(file, machine()))?.name).toBe(name);
  });

  it('of an unknown machine leaves the answer open', async () => {
    const { verdict, reason } = resumeForecast(await swapImage(), machineOf({}));
    expect(verdict).toBeNull();
    expect(reason).toContain("the machine's memory map is not known");
  });

  it('is judged by RAM alone only where that cannot be', async () => {
    const file = await swapImage();
    const given = { memoryMapCrc: sampleCrc };
    expect(resumeForecast(file, machineOf({ ...given, ramBytes: 2 ** 24 })).verdict).toBe(false);
    expect(resumeForecast(file, machineOf({ ...given, ramBytes: 2 ** 27 })).verdict).toBe(false);
    expect(resumeForecast(file, machineOf({ ...given, ramBytes: 2 ** 25 + 2 ** 20 })).verdict).toBeNull();
  });
});

describe('the frame list', () => {
  it('with a frame where the machine has no memory is refused, with a line only where no section is', async () => {
    const near = resumeForecast(await changed('none', list, [0, 0x50]), machine());
    expect(failing(near)).toMatchObject({ name: 'frame list', error: -14 });
    expect(failing(near)?.log).toBeUndefined();
    const far = resumeForecast(await changed('none', list, [0, 0, 0x10]), machine());
    expect(failing(far)?.log).toEqual([
      '[Firmware Bug]: Memory map mismatch at 0x100000000 after hibernation',
    ]);
  });

  it('that names a frame twice comes out short, and one that loses a zero mark wants a page that is not there', async () => {
    expect(failing(resumeForecast(await changed('none', list + 8, [0x10]), machine()))).toMatchObject({
      name: 'frame list',
      expected: '1169 frames',
      found: '1168',
    });
    const zeroEntry = list + 5 * 8 + 7;
    expect(failing(resumeForecast(await changed('none', zeroEntry, [0]), machine()))).toMatchObject({
      name: 'data',
      error: -14,
    });
    expect(failing(resumeForecast(await changed('none', list + 7, [0x80]), machine()))?.name).toBe(
      'frame list',
    );
  });

  it('with zero pages means nothing to kernels before 6.6', async () => {
    expect(failing(resumeForecast(await swapImage(), machine({ release: '6.1.0' })))?.name).toBe(
      'frame list',
    );
  });

  it('with more pages than the kernel has room for leaves the answer open', async () => {
    const small = readMachineLog(logOf().replace('60000K', '400K'));
    expect(resumeForecast(await swapImage(), machine({ log: small })).verdict).toBeNull();
  });
});

it('says that nothing covers the data, where nothing does', async () => {
  expect(resumeForecast(await swapImage('none'), machine()).reason).toContain('nothing covers the data');
  expect(resumeForecast(await changed('lzo', 4072, [0]), machine()).reason).toContain(
    'nothing covers the data',
  );
  expect(resumeForecast(await streamImage(), machine()).reason).toContain('nothing covers the data');
  expect(resumeForecast(await swapImage(), machine()).reason).not.toContain('nothing covers');
});

it('says how far it is', async () => {
  const steps: number[] = [];
  resumeForecast(await swapImage(), machine(), { progress: ({ done }) => steps.push(done) });
  expect(steps).toEqual([0, 256, 512, 768, 1024]);
});
