/**
 * Writes a snapshot onto a swap area as Linux does: info page, then frame list and data, packed in units of 32 pages or plain; the
 * header page with the signature last. Linux writes the last map page behind the signature; here nobody can look before the end.
 * What lies behind a packed unit on its last page is whatever Linux had in its buffer, and zeros here.
 * Source: Linux 6.12 kernel/power/swap.c, swsusp_write (linux.md A4.4, C.1.5).
 */
import { ByteWriter } from '../../bytes.ts';
import { mapInOrder } from '../../in-order.ts';
import type { MemoryImage } from '../../memory-image.ts';
import type { Packer } from '../../packer.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Sink } from '../../sink.ts';
import type { WriteOptions, WriteReport } from '../image-format.ts';
import { badSetting } from '../snapshot-stream/machine-info.ts';
import { snapshotSource } from '../snapshot-stream/snapshot-source.ts';
import { groupPages } from '../snapshot-stream/stream-pages.ts';
import { dataCrc } from './data-crc.ts';
import {
  encodeHeaderPage,
  flagBits,
  imageSignature,
  type SwsuspCodec,
  swapSignatures,
} from './header-page.ts';
import { MapWriter } from './map-writer.ts';
import { leastSwapPages, type SwapSettings, swapSettingsOf } from './swap-settings.ts';
import { pagesOfUnit, unitHeaderBytes, unitSizeBytes } from './units.ts';

export const swsuspCodecs = ['lzo', 'lz4', 'none'] as const satisfies readonly SwsuspCodec[];

export async function writeSwsusp(
  memory: MemoryImage,
  sink: Sink,
  options: WriteOptions,
): Promise<WriteReport> {
  const codec = swsuspCodecs.find((one) => one === options.codec);
  if (codec === undefined) throw badSetting('codec', `one of ${swsuspCodecs.join(', ')}`, options.codec);
  const settings = swapSettingsOf(options.settings ?? {});
  const { infoPage, stream, report } = await snapshotSource(memory, options);
  const map = new MapWriter(sink, settings.area);
  map.store(infoPage);
  const crc = await storeStream(map, stream(), codec, options.packer);
  map.end();
  const pageCount = settings.area.pageCount ?? Math.max(map.usedPages, leastSwapPages);
  const header = headerOf(settings, codec, { crc, firstMapPage: map.firstMapPage, pageCount });
  const headerOffset = settings.area.headerPage * pageSizeBytes;
  sink.writeAt(headerOffset, encodeHeaderPage(header));
  const lengthBytes = headerOffset + pageCount * pageSizeBytes;
  sink.setLength(lengthBytes);
  return { ...report, lengthBytes };
}

type Written = { readonly crc: number; readonly firstMapPage: number; readonly pageCount: number };

function headerOf(settings: SwapSettings, codec: SwsuspCodec, { crc, firstMapPage, pageCount }: Written) {
  const { hardwareSignature, label, uuid } = settings;
  const codecFlags = { none: flagBits.uncompressed, lzo: flagBits.crc, lz4: flagBits.crc | flagBits.lz4 };
  return {
    swapVersion: 1,
    lastPage: pageCount - 1,
    badPageCount: 0,
    uuid,
    label,
    hardwareSignature,
    crc,
    firstMapPage,
    flags: codecFlags[codec] | (hardwareSignature === 0 ? 0 : flagBits.hardwareSignature),
    originalSignature: swapSignatures[0],
    signature: imageSignature,
  };
}

/** Returns the CRC; an uncompressed image has none. */
async function storeStream(
  map: MapWriter,
  chunks: AsyncIterable<Uint8Array>,
  codec: SwsuspCodec,
  packer: Packer,
): Promise<number> {
  if (codec === 'none') {
    for await (const chunk of chunks) map.store(chunk);
    return 0;
  }
  const blocks = inBlocks(chunks, groupPages * pageSizeBytes);
  const jobs = mapInOrder(blocks, packer.width, async (bytes) => ({
    bytes,
    packed: await packer.pack({ codec, bytes, unitSizeBytes }),
  }));
  let crc = 0;
  for await (const { bytes, packed } of jobs) {
    crc = dataCrc(bytes, crc);
    let at = 0;
    for (const length of packed.lengths) {
      map.store(storedUnit(packed.bytes.subarray(at, at + length)));
      at += length;
    }
  }
  return crc;
}

function storedUnit(packed: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(pagesOfUnit(packed.length) * pageSizeBytes);
  new ByteWriter(bytes).u64(0, packed.length);
  bytes.set(packed, unitHeaderBytes);
  return bytes;
}

/** The same bytes in blocks of one size; the last may be shorter. */
async function* inBlocks(chunks: AsyncIterable<Uint8Array>, sizeBytes: number): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(sizeBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + sizeBytes - filled);
      block.set(piece, filled);
      filled += piece.length;
      at += piece.length;
      if (filled < sizeBytes) continue;
      yield block;
      block = new Uint8Array(sizeBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
