/**
 * Every format that can be written, with every codec it takes: damaged images are read and verified, all of their pages included.
 * Formats come from their own registry; a new one needs no line here.
 */
import type { CodecName } from '../../image/codecs/codec.ts';
import type { ImageContents, ImageFormat, VerifyReport } from '../../image/formats/image-format.ts';
import { imageFormats } from '../../image/formats/index.ts';
import { memoryFile } from '../../image/memory-file.ts';
import { packHere } from '../../image/packer.ts';
import { readBounded, sourceOf } from '../../image/sink.ts';
import { readEveryPage } from '../../image/verify-image.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { sampleMemory } from './sample-memory.ts';

export type WritableFormat = ImageFormat & Required<Pick<ImageFormat, 'write'>>;

export const writableFormats: readonly WritableFormat[] = imageFormats.filter(
  (format): format is WritableFormat => format.write !== undefined,
);

export const formatTargets: readonly FuzzTarget[] = writableFormats.map((format) => ({
  name: format.name,
  seeds: () => Promise.all(codecsOf(format).map((codec) => sampleImage(format, codec))),
  run: async (bytes) => {
    await readAndVerify(format, bytes);
  },
}));

export const codecsOf = (format: ImageFormat): readonly CodecName[] => format.codecs ?? ['none'];

export async function sampleImage(format: WritableFormat, codec: CodecName): Promise<Uint8Array> {
  const file = memoryFile();
  await format.write(sampleMemory, file, { codec, packer: packHere, nowSeconds: 0 });
  return readBounded(file, 0, file.length);
}

export type Read = { readonly contents: ImageContents; readonly report: VerifyReport };

export async function readAndVerify(format: ImageFormat, bytes: Uint8Array): Promise<Read> {
  const contents = format.read(sourceOf(bytes));
  const options = { packer: packHere };
  const report = await (format.verify?.(sourceOf(bytes), options) ?? readEveryPage(contents, options));
  return { contents, report };
}
