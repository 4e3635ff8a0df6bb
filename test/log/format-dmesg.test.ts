import { expect, test } from 'vitest';
import { dmesgLine, stampOf } from '../../kernels/linux/format-dmesg.ts';

const line = (text: string, timeNs = 0): string =>
  dmesgLine({ timeNs, textBytes: new TextEncoder().encode(text) });

test('seconds stand in five columns, and microseconds are cut, not rounded', () => {
  expect(stampOf(0)).toBe('[    0.000000] ');
  expect(stampOf(6_175_994_999)).toBe('[    6.175994] ');
  expect(stampOf(123_456_000_001_000)).toBe('[123456.000001] ');
});

test('further lines of a record are indented below its first', () => {
  expect(line('one\ntwo', 1e9)).toBe('[    1.000000] one\n               two\n');
});

test('white space stays, other control bytes and bytes from 0x80 up are written as makedumpfile does', () => {
  expect(line('a\tb\x01\x7f')).toBe('[    0.000000] a\tb\\x01\\x7f\n');
  expect(line('é')).toBe('[    0.000000] \\xffffffc3\\xffffffa9\n');
});
