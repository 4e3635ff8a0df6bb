/**
 * The first page of a snapshot: struct swsusp_info, whose first part x86-64 overlays with its own record.
 *
 *      0  virtual address of the re-entry code, u64      392  kernel version, u32: 0 on x86-64
 *      8  its physical address, u64                      400  frames of RAM, u64
 *     16  CR3 of the image kernel, u64                   408  CPUs, i32: 0 on x86-64
 *     24  magic, u64                                     416  data pages ("copied"), u64
 *     32  CRC-32 of the firmware memory map, u64         424  data pages + frame list + this page, u64
 *     40  zero up to 392                                 432  the same in bytes, u64; zero from 440
 *
 * Decoding takes any bytes, for a forecast has to say what Linux would make of them; `checkInfoPage` is what readers ask first.
 * Sources: Linux 6.12 kernel/power/power.h and arch/x86/power/hibernate.c (linux.md C.1.4).
 */
import { ByteReader, ByteWriter, type Hex64 } from '../../bytes.ts';
import { ImageError } from '../../image-error.ts';
import { type PhysicalAddress, pageSizeBytes, physical } from '../../pfn.ts';

export type SnapshotInfo = {
  readonly reentry: {
    readonly virtual: Hex64;
    readonly physical: PhysicalAddress;
    readonly cr3: PhysicalAddress;
  };
  readonly magic: Hex64;
  readonly memoryMapCrc: Hex64;
  readonly frameCount: number;
  readonly dataPages: number;
  /** Data, frame list and this page. */
  readonly pages: number;
  readonly sizeBytes: number;
};

/** RESTORE_MAGIC of x86-64 since Linux 5.8, with which the CRC of the memory map came (linux.md C.1.4). */
export const infoMagic: Hex64 = '23456789abcdef02';
export const infoMagicOffset = 24;

const fields = {
  virtual: 0,
  physical: 8,
  cr3: 16,
  magic: infoMagicOffset,
  memoryMapCrc: 32,
  frameCount: 400,
  dataPages: 416,
  pages: 424,
  sizeBytes: 432,
} as const;
export type InfoField = keyof typeof fields;
export const infoFieldOffsets: Readonly<Record<InfoField, number>> = fields;

/** Our own limit, so that counts can be added and multiplied: 2^40 pages are 4 PiB, all that x86-64 can address. */
const pagesLimit = 2 ** 40;

export function decodeInfoPage(bytes: Uint8Array): SnapshotInfo {
  const reader = new ByteReader(bytes);
  const count = (field: InfoField): number => Number(`0x${reader.hex64(fields[field])}`);
  return {
    reentry: {
      virtual: reader.hex64(fields.virtual),
      physical: physical(count('physical')),
      cr3: physical(count('cr3')),
    },
    magic: reader.hex64(fields.magic),
    memoryMapCrc: reader.hex64(fields.memoryMapCrc),
    frameCount: count('frameCount'),
    dataPages: count('dataPages'),
    pages: count('pages'),
    sizeBytes: count('sizeBytes'),
  };
}

export const listPagesOf = ({ pages, dataPages }: SnapshotInfo): number => pages - dataPages - 1;

/** `offset` is where the page lies in its file. */
export function checkInfoPage(info: SnapshotInfo, offset: number): void {
  if (info.magic !== infoMagic)
    throw new ImageError('snapshot.no-info', {
      offset: offset + fields.magic,
      expected: `magic 0x${infoMagic}`,
      found: `0x${info.magic}`,
    });
  const isSane = info.pages <= pagesLimit && info.pages > info.dataPages && listPagesOf(info) >= 1;
  if (isSane) return;
  throw new ImageError('snapshot.bad-counts', {
    offset: offset + fields.dataPages,
    expected: `more than one page beyond the data pages, at most ${pagesLimit} (pagesLimit)`,
    found: `${info.pages} pages, ${info.dataPages} of them data`,
  });
}

/** What is odd and yet does not keep the image from being read; Linux does not look at it either. */
export function infoProblems(info: SnapshotInfo): string[] {
  if (info.sizeBytes === info.pages * pageSizeBytes) return [];
  return [
    `the info page says ${info.sizeBytes} bytes, but its ${info.pages} pages are ${info.pages * pageSizeBytes}`,
  ];
}

export type NewInfo = Pick<SnapshotInfo, 'reentry' | 'memoryMapCrc' | 'frameCount' | 'dataPages' | 'pages'>;

export function encodeInfoPage(info: NewInfo): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const writer = new ByteWriter(page);
  writer.hex64(fields.virtual, info.reentry.virtual);
  writer.u64(fields.physical, info.reentry.physical);
  writer.u64(fields.cr3, info.reentry.cr3);
  writer.hex64(fields.magic, infoMagic);
  writer.hex64(fields.memoryMapCrc, info.memoryMapCrc);
  writer.u64(fields.frameCount, info.frameCount);
  writer.u64(fields.dataPages, info.dataPages);
  writer.u64(fields.pages, info.pages);
  writer.u64(fields.sizeBytes, info.pages * pageSizeBytes);
  return page;
}

/** Eight digits, as long as the upper half is 0, as it has to be. */
export const crcText = (crc: Hex64): string => `0x${crc.replace(/^0{8}/, '')}`;
