/**
 * The first page of a swap area as mkswap writes it: what tells a kernel, and blkid, that the partition is swap.
 *
 *   0      1024        1028         1032       1036     1052      …    4086
 *   | boot | version 1 | last page  | bad: 0   | UUID   | label   | 0  | "SWAPSPACE2" |        little endian
 *
 * Facts: linux.md C.1.1 (include/linux/swap.h:union swap_header, 6.12). Left out: bad pages, and swapping itself.
 */
import { pageSizeBytes } from '../../image/pfn.ts';

const versionOffset = 1024;
const lastPageOffset = 1028;
const uuidOffset = 1036;
const labelOffset = 1052;
const labelLimitBytes = 16;
const signatureOffset = 4086;
const signature = 'SWAPSPACE2';

/** mkswap draws a random UUID; the box always gives the same, so that a run can be repeated (version 4, variant 1 in form). */
const uuid = Uint8Array.of(
  0x6b,
  0x6a,
  0x75,
  0x6d,
  0x70,
  0x00,
  0x40,
  0x00,
  0x80,
  0x00,
  0x73,
  0x77,
  0x61,
  0x70,
  0x00,
  0x01,
);
const label = 'kjump-swap';

/** `pageCount` counts the whole area, header included. */
export function swapHeader(pageCount: number): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const view = new DataView(page.buffer);
  view.setUint32(versionOffset, 1, true);
  view.setUint32(lastPageOffset, pageCount - 1, true);
  page.set(uuid, uuidOffset);
  page.set(ascii(label).subarray(0, labelLimitBytes), labelOffset);
  page.set(ascii(signature), signatureOffset);
  return page;
}

export function isSwapHeader(page: Uint8Array): boolean {
  const found = page.subarray(signatureOffset, signatureOffset + signature.length);
  return new TextDecoder('latin1').decode(found) === signature;
}

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
