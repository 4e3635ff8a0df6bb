/**
 * The two headers of a kdump-compressed file, header versions 0 to 6, as makedumpfile writes them on x86-64 (linux.md C.4.1, C.4.2).
 *
 *   main header, block 0                          sub header, block 1, and notes behind it
 *     0 "KDUMP   "                                  0 phys_base                      since version 0
 *     8 header version, i32                         8 dump level, i32                1
 *    12 utsname, 6 texts of 65                     12 is split, i32                  2
 *   408 time stamp, seconds and microseconds       16 first frame, end frame         2
 *   424 status: codec asked for, and bits          32 VMCOREINFO text: place, size   3
 *   428 block size, i32                            48 notes: place, size             4
 *   432 sub header size in blocks, i32             64 erase info: place, size        5
 *   436 blocks of both bitmaps                     80 first frame, end frame, 64 bits  6
 *   440 number of frames, 32 bits                  96 number of frames, 64 bits      6
 *   444 total RAM, device, written blocks, current CPU: 0 in files of 1.7.2
 *   460 number of CPUs, i32
 *
 * Left out: headers of 32-bit machines, DISKDUMP, other block sizes than a page.
 */
import { ByteReader, ByteWriter, textOf } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { decodeUts, encodeUts, utsSizeBytes } from '../../linux/uts.ts';
import type { Uts } from '../../memory-image.ts';
import { pageSizeBytes } from '../../pfn.ts';
import { readBounded, type Source } from '../../sink.ts';

export const kdumpMagic = 'KDUMP   ';
export const newestVersion = 6;
export const subHeaderOffset = pageSizeBytes;
export const subHeaderSizeBytes = 104;

/** Bits of the status, next to those of the codecs (codec-flags.ts). */
export const statusBits = { incomplete: 8, vmemmapExcluded: 0x10 } as const;

/** A bitmap of 256 MiB has a bit for each frame of 8 TiB: our own limit. */
export const bitmapLimitBytes = 2 ** 28;

export type KdumpHeaders = {
  readonly version: number;
  readonly uts: Uts;
  readonly takenAtSeconds: number;
  readonly status: number;
  readonly subHeaderBlocks: number;
  readonly bitmapBlocks: number;
  readonly cpuCount: number;
  readonly frameCount: number;
  readonly physBase: string;
  readonly dumpLevel: number;
  /** Frames whose data this file has, when it is one of several. */
  readonly part: { readonly startPfn: number; readonly endPfn: number } | undefined;
  readonly vmcoreinfo: Place;
  readonly notes: Place;
  readonly eraseInfo: Place;
};

export type Place = { readonly offset: number; readonly sizeBytes: number };

const nowhere: Place = { offset: 0, sizeBytes: 0 };

export function decodeHeaders(source: Source): KdumpHeaders {
  const main = new ByteReader(readBounded(source, 0, 464));
  const found = main.text(0, kdumpMagic.length);
  if (found !== kdumpMagic) throw unsupported('kdump.no-magic', 0, `"${kdumpMagic}"`, JSON.stringify(found));
  const version = main.u32(8);
  if (version > newestVersion) {
    throw unsupported('kdump.unsupported', 8, `header version 0 to ${newestVersion}`, `${version}`);
  }
  if (main.u32(428) !== pageSizeBytes) {
    throw unsupported('kdump.unsupported', 428, `blocks of ${pageSizeBytes} bytes`, `${main.u32(428)}`);
  }
  const sub = new ByteReader(readBounded(source, subHeaderOffset, subHeaderSizeBytes), subHeaderOffset);
  const since = <Value>(first: number, read: () => Value, otherwise: Value): Value =>
    version >= first ? read() : otherwise;
  const place = (offset: number): Place => ({ offset: sub.u64(offset), sizeBytes: sub.u64(offset + 8) });
  const headers: KdumpHeaders = {
    version,
    uts: decodeUts(main.bytes(12, utsSizeBytes)),
    takenAtSeconds: main.u64(408),
    status: main.u32(424),
    subHeaderBlocks: main.u32(432),
    bitmapBlocks: main.u32(436),
    cpuCount: main.u32(460),
    frameCount: since(6, () => sub.u64(96), main.u32(440)),
    physBase: sub.hex64(0),
    dumpLevel: since(1, () => sub.u32(8), 0),
    part: since(2, () => partOf(sub, version), undefined),
    vmcoreinfo: since(3, () => place(32), nowhere),
    notes: since(4, () => place(48), nowhere),
    eraseInfo: since(5, () => place(64), nowhere),
  };
  checkHeaders(headers);
  return headers;
}

function partOf(sub: ByteReader, version: number): KdumpHeaders['part'] {
  if (sub.u32(12) === 0) return undefined;
  const at = version >= 6 ? 80 : 16;
  return { startPfn: sub.u64(at), endPfn: sub.u64(at + 8) };
}

function checkHeaders({ frameCount, bitmapBlocks, subHeaderBlocks }: KdumpHeaders): void {
  const bitmapSizeBytes = Math.floor(bitmapBlocks / 2) * pageSizeBytes;
  if (bitmapSizeBytes > bitmapLimitBytes) {
    const expected = `at most ${(2 * bitmapLimitBytes) / pageSizeBytes} (bitmapLimitBytes)`;
    throw unsupported('kdump.bad-header', 436, `blocks of bitmap: ${expected}`, `${bitmapBlocks}`);
  }
  if (frameCount > bitmapSizeBytes * 8) {
    const expected = `at most ${bitmapSizeBytes * 8} frames, as many as the bitmaps have bits`;
    throw unsupported('kdump.bad-header', 440, expected, `${frameCount}`);
  }
  if (subHeaderBlocks < 1) {
    throw unsupported('kdump.bad-header', 432, 'at least one block of sub header', `${subHeaderBlocks}`);
  }
}

/** Both headers and the notes, whole blocks. */
export function encodeHeaders(
  headers: Omit<KdumpHeaders, 'version' | 'subHeaderBlocks' | 'notes' | 'vmcoreinfo' | 'eraseInfo'>,
  notes: Uint8Array,
  vmcoreinfo: Place,
): Uint8Array {
  const subHeaderBlocks = Math.ceil((subHeaderSizeBytes + notes.length) / pageSizeBytes);
  const bytes = new Uint8Array((1 + subHeaderBlocks) * pageSizeBytes);
  const main = new ByteWriter(bytes);
  main.text(0, kdumpMagic);
  main.u32(8, newestVersion);
  main.bytes(12, encodeUts(headers.uts));
  main.u64(408, headers.takenAtSeconds);
  main.u32(424, headers.status);
  main.u32(428, pageSizeBytes);
  main.u32(432, subHeaderBlocks);
  main.u32(436, headers.bitmapBlocks);
  main.u32(440, Math.min(headers.frameCount, 0xffffffff));
  main.u32(460, headers.cpuCount);
  const sub = new ByteWriter(bytes.subarray(subHeaderOffset));
  const notesOffset = subHeaderOffset + subHeaderSizeBytes;
  sub.hex64(0, headers.physBase);
  sub.u32(8, headers.dumpLevel);
  if (vmcoreinfo.sizeBytes > 0) {
    sub.u64(32, notesOffset + vmcoreinfo.offset);
    sub.u64(40, vmcoreinfo.sizeBytes);
  }
  if (notes.length > 0) {
    sub.u64(48, notesOffset);
    sub.u64(56, notes.length);
  }
  sub.u64(96, headers.frameCount);
  sub.bytes(subHeaderSizeBytes, notes);
  return bytes;
}

export const isKdump = (firstBytes: Uint8Array): boolean =>
  textOf(firstBytes.subarray(0, kdumpMagic.length)) === kdumpMagic;

const unsupported = (
  code: 'kdump.no-magic' | 'kdump.unsupported' | 'kdump.bad-header',
  offset: number,
  expected: string,
  found: string,
): ImageError => new ImageError(code, { offset, expected, found });
