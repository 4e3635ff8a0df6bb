/**
 * The first page of a swap area with a hibernation image in it: struct swsusp_header, laid over the header of the swap area.
 *
 *      0  boot bits, 1024 bytes, untouched           4056  ACPI hardware signature, u32
 *   1024  version of the swap area, u32: 1           4060  CRC-32 of the data, u32
 *   1028  last page, u32                             4064  page number of the first map page, u64
 *   1032  bad pages, u32                             4072  flags, u32
 *   1036  UUID, 16 bytes                             4076  the signature that the swap area had, 10 bytes
 *   1052  label, 16 bytes                            4086  signature, 10 bytes: S1SUSPEND while there is an image
 *
 * Resuming puts the old signature back before anything is loaded; the other fields stay. So a swap area whose last fields name an
 * image but whose signature is its own again held an image that was resumed, or tried; its pages may have been used since.
 * Sources: Linux 6.12 kernel/power/swap.c, struct swsusp_header and union swap_header (linux.md C.1.1, C.1.2, C.1.6).
 */
import { ByteReader, ByteWriter } from '../../bytes.ts';
import { pageSizeBytes } from '../../pfn.ts';

export type HeaderPage = {
  readonly swapVersion: number;
  readonly lastPage: number;
  readonly badPageCount: number;
  /** 32 hex digits. */
  readonly uuid: string;
  readonly label: string;
  readonly hardwareSignature: number;
  readonly crc: number;
  readonly firstMapPage: number;
  readonly flags: number;
  readonly originalSignature: string;
  readonly signature: string;
};

export const flagBits = { platform: 1, uncompressed: 2, crc: 4, hardwareSignature: 8, lz4: 16 } as const;
const knownFlags = Object.values(flagBits).reduce((sum, bit) => sum | bit, 0);

export const hasFlag = ({ flags }: Pick<HeaderPage, 'flags'>, flag: keyof typeof flagBits): boolean =>
  (flags & flagBits[flag]) !== 0;

export const unknownFlags = ({ flags }: Pick<HeaderPage, 'flags'>): number => (flags & ~knownFlags) >>> 0;

export const imageSignature = 'S1SUSPEND';
export const swapSignatures = ['SWAPSPACE2', 'SWAP-SPACE'] as const;

/** Images on swap that other programs wrote and that the kernel does not take (libblkid calls them swsuspend, too; linux.md C.1.7). */
const foreignSignatures: Readonly<Record<string, string>> = {
  S2SUSPEND: 'software suspend of 2.4',
  ULSUSPEND: 'a program that hibernates by itself (uswsusp)',
  LINHIB0001: 'TuxOnIce',
};

/** Who wrote the image that is there, when it was not the kernel. */
export const foreignWriter = ({ signature }: Pick<HeaderPage, 'signature'>): string | undefined =>
  foreignSignatures[signature];

export const fields = {
  bootBits: { at: 0, sizeBytes: 1024 },
  swapVersion: { at: 1024, sizeBytes: 4 },
  lastPage: { at: 1028, sizeBytes: 4 },
  badPageCount: { at: 1032, sizeBytes: 4 },
  uuid: { at: 1036, sizeBytes: 16 },
  label: { at: 1052, sizeBytes: 16 },
  hardwareSignature: { at: 4056, sizeBytes: 4 },
  crc: { at: 4060, sizeBytes: 4 },
  firstMapPage: { at: 4064, sizeBytes: 8 },
  flags: { at: 4072, sizeBytes: 4 },
  originalSignature: { at: 4076, sizeBytes: 10 },
  signature: { at: 4086, sizeBytes: 10 },
} as const;

/** `waiting`: a boot would resume it. `consumed`: it was there, and the swap area is a swap area again. `none`: no image at all. */
export type ImageState = 'waiting' | 'consumed' | 'none';

export function imageState({ signature, originalSignature, firstMapPage }: HeaderPage): ImageState {
  if (signature === imageSignature) return 'waiting';
  const hasLeftOver = isSwapSignature(originalSignature) && firstMapPage !== 0;
  return isSwapSignature(signature) && hasLeftOver ? 'consumed' : 'none';
}

export const isSwapSignature = (text: string): boolean => swapSignatures.some((known) => known === text);

export function decodeHeaderPage(bytes: Uint8Array): HeaderPage {
  const reader = new ByteReader(bytes);
  const u32 = (field: keyof typeof fields): number => reader.u32(fields[field].at);
  const text = (field: keyof typeof fields): string =>
    untilZero(reader.text(fields[field].at, fields[field].sizeBytes));
  return {
    swapVersion: u32('swapVersion'),
    lastPage: u32('lastPage'),
    badPageCount: u32('badPageCount'),
    uuid: hexOf(reader.bytes(fields.uuid.at, fields.uuid.sizeBytes)),
    label: text('label'),
    hardwareSignature: u32('hardwareSignature'),
    crc: u32('crc'),
    // A place beyond 2^53 loses its last digits, and is beyond the end of every device all the same.
    firstMapPage: Number(`0x${reader.hex64(fields.firstMapPage.at)}`),
    flags: u32('flags'),
    originalSignature: text('originalSignature'),
    signature: text('signature'),
  };
}

export function encodeHeaderPage(header: HeaderPage): Uint8Array {
  const page = new Uint8Array(pageSizeBytes);
  const writer = new ByteWriter(page);
  writer.u32(fields.swapVersion.at, header.swapVersion);
  writer.u32(fields.lastPage.at, header.lastPage);
  writer.u32(fields.badPageCount.at, header.badPageCount);
  writer.bytes(fields.uuid.at, Uint8Array.from(Buffer.from(header.uuid, 'hex')));
  writer.text(fields.label.at, header.label);
  writer.u32(fields.hardwareSignature.at, header.hardwareSignature);
  writer.u32(fields.crc.at, header.crc);
  writer.u64(fields.firstMapPage.at, header.firstMapPage);
  writer.u32(fields.flags.at, header.flags);
  writer.text(fields.originalSignature.at, header.originalSignature);
  writer.text(fields.signature.at, header.signature);
  return page;
}

export function looksLikeHeaderPage(bytes: Uint8Array): boolean {
  if (bytes.length < pageSizeBytes) return false;
  const { signature, originalSignature, firstMapPage } = decodeHeaderPage(bytes.subarray(0, pageSizeBytes));
  if (signature === imageSignature || isSwapSignature(signature)) return true;
  if (foreignWriter({ signature }) !== undefined) return true;
  // The signature is damaged, and everything else is there.
  return isSwapSignature(originalSignature) && firstMapPage !== 0;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function untilZero(text: string): string {
  const end = text.indexOf('\0');
  return end < 0 ? text : text.slice(0, end);
}

export type SwsuspCodec = 'none' | 'lzo' | 'lz4';

export function codecOf(header: HeaderPage): SwsuspCodec {
  if (hasFlag(header, 'uncompressed')) return 'none';
  return hasFlag(header, 'lz4') ? 'lz4' : 'lzo';
}

export const flagNames = (header: HeaderPage): string[] =>
  Object.entries(flagBits)
    .filter(([, bit]) => (header.flags & bit) !== 0)
    .map(([name]) => name);
