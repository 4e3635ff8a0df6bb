/** A log whose pages were damaged: whatever bit flips, lines may be lost, and nobody falls over it. */
import { describe, expect, test } from 'vitest';
import { item } from '../../kernels/shape.ts';
import { ringMemory } from './ring-memory.ts';

const pageSizeBytes = 4096;
/** A prime, so that every word of every structure is met at each of its bytes. */
const strideBytes = 7;
/** So many that the ring is full, and old records give way to every new one. */
const linesBefore = 300;

function printedRing() {
  const log = ringMemory({ textBits: 12, descriptorBits: 7 });
  for (let count = 0; count < linesBefore; count += 1) log.print({ text: `line ${count}` });
  return log;
}

/** What can be read, and what can be printed, after one byte has changed; both work on the same bytes as before it. */
function afterDamage(log: ReturnType<typeof printedRing>, at: number, mask: number): readonly string[] {
  const page = Math.floor(at / pageSizeBytes);
  const before = Array.from({ length: log.region.pageCount }, (_, index) => log.port.readPage(index));
  const damaged = item(before, page).slice();
  damaged[at % pageSizeBytes] = (damaged[at % pageSizeBytes] ?? 0) ^ mask;
  log.port.writePage(page, damaged);
  for (const text of ['after', 'and after']) log.print({ text });
  log.print({ text: ' that', level: 'cont' });
  const texts = log.texts();
  for (const [index, bytes] of before.entries()) log.port.writePage(index, bytes);
  return texts;
}

describe('a log with a damaged byte', () => {
  test.each([[0x01], [0x80], [0xff]])(
    'is read and printed to without a fall, whichever it is (mask %i)',
    (mask) => {
      const log = printedRing();
      for (let at = 0; at < log.region.pageCount * pageSizeBytes; at += strideBytes) {
        expect(() => afterDamage(log, at, mask), `byte ${at}`).not.toThrow();
      }
    },
  );

  test('whose head leads nowhere shows nothing and takes nothing', () => {
    const log = printedRing();
    // The pointer to the descriptors: struct printk_ringbuffer, 8 bytes in.
    expect(afterDamage(log, 8 + 7, 0xff)).toEqual([]);
  });

  test('loses the line that it damages, and goes on', () => {
    const log = printedRing();
    const before = log.texts();
    const text = log.region.text.offset;
    // The first letter of some text: it is another letter now, and all else is as it was.
    const texts = afterDamage(log, text + 8, 0x01);
    expect(texts.length).toBeGreaterThan(before.length - 4);
    expect(texts.slice(-3)).toEqual(['after', 'and after', ' that']);
  });
});
