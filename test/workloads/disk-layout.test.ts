import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { blockSizeBytes, diskBlockCount, diskLayout } from '../../kernels/disk-layout.ts';
import { isSwapHeader, swapHeader } from '../../kernels/linux/swap-area.ts';
import { needs, run } from '../kit/needs.ts';

const ramBytes = 2 ** 30;

test('partitions follow each other, and the dump has room for all of RAM', () => {
  const { root, swap, dump, kept } = diskLayout(ramBytes);
  expect(root).toEqual({ start: 256, count: 16_384 });
  expect(swap.start).toBe(root.start + root.count);
  expect(dump.start).toBe(swap.start + swap.count);
  expect(dump.count * blockSizeBytes).toBeGreaterThan(ramBytes);
  expect(kept.start).toBe(dump.start + dump.count);
  expect(diskBlockCount(ramBytes)).toBe(kept.start + kept.count);
});

test('the swap area has its signature where the kernel looks for it', () => {
  const page = swapHeader(16_384);
  const view = new DataView(page.buffer);
  expect(view.getUint32(1024, true)).toBe(1);
  expect(view.getUint32(1028, true)).toBe(16_383);
  expect(new TextDecoder().decode(page.subarray(4086))).toBe('SWAPSPACE2');
  expect(isSwapHeader(page)).toBe(true);
  expect(isSwapHeader(new Uint8Array(4096))).toBe(false);
});

test('blkid takes the swap area for one', (context) => {
  const blkid = needs(context, 'blkid');
  const { swap } = diskLayout(ramBytes);
  const folder = mkdtempSync(join(tmpdir(), 'kjump-swap-'));
  try {
    const path = join(folder, 'swap.img');
    const file = openSync(path, 'w');
    writeSync(file, swapHeader(swap.count));
    ftruncateSync(file, swap.count * blockSizeBytes);
    closeSync(file);
    const { stdout } = run(blkid, ['-p', '-o', 'export', path]);
    expect(stdout).toContain('TYPE=swap');
    expect(stdout).toContain('LABEL=kjump-swap');
    expect(stdout).toContain('UUID=6b6a756d-7000-4000-8000-737761700001');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
