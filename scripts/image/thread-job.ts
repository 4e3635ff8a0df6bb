/** What a packing thread is sent, and what it answers. Bytes go through shared memory: they are not part of the message. */
import type { PackJob, UnpackFailure, UnpackJob } from '../../image/packer.ts';

export type ThreadJob = {
  readonly input: Uint8Array;
  readonly inputBytes: number;
  readonly output: Uint8Array;
} & (
  | { readonly type: 'pack'; readonly pack: Omit<PackJob, 'bytes'> }
  | { readonly type: 'unpack'; readonly unpack: Omit<UnpackJob, 'bytes'> }
);

export type ThreadAnswer =
  | { readonly type: 'packed'; readonly outputBytes: number; readonly lengths: readonly number[] }
  | { readonly type: 'unpacked'; readonly outputBytes: number; readonly failures: readonly UnpackFailure[] }
  | { readonly type: 'failed'; readonly message: string };
