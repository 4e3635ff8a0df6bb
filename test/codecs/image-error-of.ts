import { ImageError } from '../../image/image-error.ts';

/** The error that this throws; anything else that happens is a failure of the test. */
export function imageErrorOf(provoke: () => unknown): ImageError {
  try {
    provoke();
  } catch (error) {
    if (error instanceof ImageError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
