/** A log of its own, in pages that remember which of them were written. */
import { emptyRing } from '../../kernels/linux/empty-ring.ts';
import type { PagePort } from '../../kernels/linux/paged-bytes.ts';
import { type RingRegion, type RingSizes, ringRegion } from '../../kernels/linux/printk-layout.ts';
import {
  appendRecord,
  type LogRecord,
  type NewRecord,
  readRecords,
} from '../../kernels/linux/printk-ring.ts';
import { item } from '../../kernels/shape.ts';

export type RingMemory = {
  readonly region: RingRegion;
  readonly port: PagePort;
  readonly written: number[];
  print(record: Partial<NewRecord>): number;
  records(): LogRecord[];
  texts(): string[];
};

export const address = 'ffffffff82000000';

export function ringMemory(sizes: Partial<RingSizes> = {}): RingMemory {
  const region = ringRegion({ address, ...sizes });
  const pages = emptyRing(region);
  const written: number[] = [];
  const port = {
    readPage: (index: number) => item(pages, index),
    writePage: (index: number, bytes: Uint8Array) => {
      written.push(index);
      pages[index] = bytes;
    },
  };
  const print = (record: Partial<NewRecord>) =>
    // NaN is the number of no record: a ring that is sound takes every line.
    appendRecord(port, region, { timeNs: 0, level: 'info', text: 'a line', callerId: 1, ...record }) ?? NaN;
  const records = () => readRecords(port, region);
  return { region, port, written, print, records, texts: () => records().map(({ text }) => text) };
}
