/** The kernel's log before anything was printed; what happens to it then is printk-ring.ts. */
import { pageSizeBytes } from '../../image/pfn.ts';
import { viewOf } from './paged-bytes.ts';
import { prbOffset, printkLayout, type RingRegion } from './printk-layout.ts';
import { failedLpos, stateValue } from './printk-words.ts';

/** The pages of a log in which nothing was printed yet: _DEFINE_PRINTKRB, and "Bootstrap" in printk_ringbuffer.h. */
export function emptyRing(region: RingRegion): Uint8Array[] {
  const memory = new Uint8Array(region.pageCount * pageSizeBytes);
  const setWord = (offset: number, value: bigint): void => viewOf(memory).setBigUint64(offset, value, true);
  const { descRing, dataRing, ringbuffer, desc, blkLpos, info } = printkLayout;
  const count = 1n << BigInt(region.descriptorBits);
  // Counted in an unsigned int, so the first id has 32 bits of ones; the first position has 64.
  const firstId = (1n << 32n) - count - 1n;
  const firstLpos = -(1n << BigInt(region.textBits));
  setWord(ringbuffer.descRing + descRing.countBits, BigInt(region.descriptorBits));
  setWord(ringbuffer.descRing + descRing.descs, BigInt(`0x${region.descs.address}`));
  setWord(ringbuffer.descRing + descRing.infos, BigInt(`0x${region.infos.address}`));
  setWord(ringbuffer.descRing + descRing.headId, firstId);
  setWord(ringbuffer.descRing + descRing.tailId, firstId);
  setWord(ringbuffer.textDataRing + dataRing.sizeBits, BigInt(region.textBits));
  setWord(ringbuffer.textDataRing + dataRing.data, BigInt(`0x${region.text.address}`));
  setWord(ringbuffer.textDataRing + dataRing.headLpos, firstLpos);
  setWord(ringbuffer.textDataRing + dataRing.tailLpos, firstLpos);
  setWord(prbOffset, BigInt(`0x${region.symbols.printk_rb_static}`));
  // So that the first record, in the first descriptor, becomes number 0.
  setWord(region.infos.offset + info.seq, -count);
  const last = region.descs.offset + desc.sizeBytes * (Number(count) - 1);
  setWord(last + desc.stateVar, stateValue(firstId, 'reusable'));
  setWord(last + desc.textBlkLpos + blkLpos.begin, failedLpos);
  setWord(last + desc.textBlkLpos + blkLpos.next, failedLpos);
  return Array.from({ length: region.pageCount }, (_page, index) =>
    memory.slice(index * pageSizeBytes, (index + 1) * pageSizeBytes),
  );
}
