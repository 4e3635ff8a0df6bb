/** Verifies an opened image the way its format does, or by reading every page. */
import type { VerifyReport } from '../../image/formats/image-format.ts';
import { readEveryPage } from '../../image/verify-image.ts';
import type { ImageInput } from './image-input.ts';
import type { Working } from './pack-on.ts';

export async function verifyInput(
  { format, source, contents, options }: ImageInput,
  { packer, progress }: Working,
): Promise<VerifyReport> {
  const all = { ...options, packer, progress };
  return (await format.verify?.(source, all)) ?? readEveryPage(contents, all);
}
