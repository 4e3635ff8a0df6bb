/** `kjump image forecast`, in process. */
import { describe, expect, it } from 'vitest';
import { kjump, type MemoryIo, memoryIo } from '../scripts/memory-io.ts';
import { sampleCrc, sampleFrames, swapImage } from './sample-snapshot.ts';

const log = `Linux version 6.12.117 (root@box) (gcc)
Command line: console=ttyS0 resume=/dev/vda
Memory: 60000K/${sampleFrames * 4}K available (6144K kernel code)
`;

async function withImage(): Promise<MemoryIo> {
  const memory = memoryIo({
    files: { 'boot.log': log, 'notes.txt': 'nothing', meminfo: 'MemFree: 28000 kB\n' },
  });
  memory.files.set('swap.img', await swapImage());
  return memory;
}

const asked = ['image', 'forecast', 'swap.img', '--dmesg', 'boot.log'];
const known = [...asked, '--memory-map-crc', sampleCrc.slice(-8)];

describe('kjump image forecast', () => {
  it('says yes with every check, and exits 0', async () => {
    const { code, stdout, stderr } = await kjump(known, await withImage());
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^will resume: yes\neverything that Linux looks at is as it has to be/);
    expect(stdout).toContain('ok  CRC of the data ');
  });

  it('says no with the reason, and exits 1', async () => {
    const { code, stdout } = await kjump([...asked, '--memory-map-crc', '12345678'], await withImage());
    expect(code).toBe(1);
    expect(stdout).toMatch(/^will resume: no\nfirmware memory map: /);
    expect(stdout).toContain('NO  firmware memory map');
  });

  it('says that it cannot be known, and exits 0', async () => {
    const { code, stdout } = await kjump(asked, await withImage());
    expect(code).toBe(0);
    expect(stdout).toMatch(/^will resume: cannot be known\n/);
  });

  it('gives JSON with format, pages, problems, willResume, reason and checks', async () => {
    const { stdout } = await kjump([...known, '--json'], await withImage());
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'swsusp',
      pages: 1169,
      problems: [],
      willResume: true,
      reason: expect.any(String),
      checks: expect.arrayContaining([
        {
          name: 'signature',
          result: 'pass',
          says: expect.any(String),
          expected: expect.any(String),
          found: expect.any(String),
        },
      ]),
    });
  });

  it('tells an image that cannot be read by its problem, and still why it does not resume', async () => {
    const memory = await withImage();
    memory.files.get('swap.img')?.writeAt(4086, Buffer.from('nothing   '));
    memory.files.get('swap.img')?.writeAt(4076, Buffer.from('nothing   '));
    const { code, stdout } = await kjump([...known, '--json'], memory);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      pages: null,
      willResume: false,
      problems: [expect.stringContaining('holds no hibernation image')],
    });
  });

  it('finds a swap file on its device by --offset, as the other verbs do', async () => {
    const disk = async (): Promise<MemoryIo> => {
      const memory = memoryIo();
      memory.files.set('disk.img', await swapImage('lz4', { offset: '65536' }));
      return memory;
    };
    const where = ['--offset', '65536', '--json'];
    for (const verb of ['info', 'verify']) {
      const options = verb === 'verify' ? ['--threads', '0'] : [];
      const { code, stdout } = await kjump(['image', verb, 'disk.img', ...where, ...options], await disk());
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ format: 'swsusp', pages: 1169, problems: [] });
    }
    const known = ['--memory-map-crc', sampleCrc.slice(-8), '--frames', String(sampleFrames)];
    const { stdout } = await kjump(['image', 'forecast', 'disk.img', ...where, ...known], await disk());
    expect(JSON.parse(stdout)).toMatchObject({ format: 'swsusp', pages: 1169, willResume: true });
  });

  it('says whether an image will fit onto the swap area', async () => {
    const saving = [
      'image',
      'forecast',
      '--saving',
      'swap.img',
      '--dmesg',
      'boot.log',
      '--meminfo',
      'meminfo',
    ];
    const small = await kjump([...saving, '--json'], await withImage());
    expect(JSON.parse(small.stdout)).toMatchObject({ willFit: null, willResume: null });
    const large = await kjump([...saving, '--swap-free', '64M'], await withImage());
    expect(large.stdout).toMatch(/^will fit: /);
    const none = await kjump([...saving, '--swap-free', '0', '--json'], await withImage());
    expect(none.code).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({ willFit: false, willResume: false });
  });

  it.each([
    [['image', 'forecast'], 'expected FILE, found nothing'],
    [['image', 'forecast', 'gone.img'], 'gone.img'],
    [['image', 'forecast', 'swap.img', '--dmesg', 'notes.txt'], "this is no kernel's log"],
    [['image', 'forecast', 'swap.img', '--hardware-signature', 'xyz'], 'up to 8 hex digits'],
    [['image', 'forecast', '--saving'], 'expected FILE, found nothing'],
  ])('refuses %j with exit code 2', async (args, told) => {
    const { code, stderr } = await kjump(args, await withImage());
    expect(code).toBe(2);
    expect(stderr).toContain(told);
  });
});
