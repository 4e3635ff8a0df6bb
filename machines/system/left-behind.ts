/**
 * What a kernel knows, as bytes in its own memory: the states of its charts, its record, what its devices' drivers were told, its time.
 *
 *   layout.leftBehind   0 "LEFT" · 4 length of the text · 8 CRC-32 of the text · 12 the text, JSON
 *
 * In a real machine all this is in the kernel's data and on its stacks, and comes back only if those bytes do: out of frames that
 * were swapped, or out of an image that was read from a disk after the power was off. So the box keeps it there. Bytes that are
 * damaged are no kernel: control that lands there is lost, and nothing more is heard.
 */
import type { AnyMachineSnapshot } from 'xstate';
import { ByteReader, ByteWriter, bytesOfText, textOf } from '../../image/bytes.ts';
import { crc32 } from '../../image/codecs/crc32.ts';
import { type Pfn, pageSizeBytes, pfn } from '../../image/pfn.ts';
import { assert } from '../../kernels/assert.ts';
import type { Box } from '../../kernels/box.ts';
import { type KernelName, type KernelRecord, kernelNames } from '../../kernels/machine.ts';
import type { ChartEvent } from '../vocabulary.ts';
import type { Actor, ActorName } from './actors.ts';

export type LeftBehind = {
  readonly kernel: KernelName;
  readonly record: KernelRecord;
  readonly timeNs: number;
  readonly sleptNs: number;
  readonly asleepAtNs: number;
  readonly actors: Readonly<Record<string, { readonly value: unknown; readonly context: unknown }>>;
  readonly queues: Readonly<Record<string, readonly ChartEvent[]>>;
};

type MemoryBox = Pick<Box, 'plan' | 'contents' | 'memory'>;

const magic = 'LEFT';
const headerSizeBytes = 12;

export function writeLeftBehind(box: MemoryBox, left: LeftBehind): void {
  const { start, count } = box.plan.layout[left.kernel].leftBehind;
  // Anything but ASCII would need more than a byte a character.
  const text = bytesOfText(JSON.stringify(left));
  const bytes = new Uint8Array(count * pageSizeBytes);
  assert(headerSizeBytes + text.length <= bytes.length, `left-behind: ${text.length} bytes do not fit`);
  const writer = new ByteWriter(bytes);
  writer.text(0, magic);
  writer.u32(4, text.length);
  writer.u32(8, crc32(text));
  writer.bytes(headerSizeBytes, text);
  for (let index = 0; index < count; index += 1) {
    const page = bytes.subarray(index * pageSizeBytes, (index + 1) * pageSizeBytes);
    box.memory.write(pfn(start + index), box.contents.intern(page));
  }
}

/** The kernel that left with this swap page and stands in memory now. */
export function readLeftBehind(box: MemoryBox, swapFrame: Pfn): LeftBehind | undefined {
  for (const kernel of kernelNames) {
    const left = leftAt(box, kernel);
    if (left?.kernel === kernel && left.record.image.swapFrame === swapFrame) return left;
  }
  return undefined;
}

function leftAt({ plan, contents, memory }: MemoryBox, kernel: KernelName): LeftBehind | undefined {
  const { start, count } = plan.layout[kernel].leftBehind;
  const bytes = new Uint8Array(count * pageSizeBytes);
  for (let index = 0; index < count; index += 1)
    bytes.set(contents.bytes(memory.read(pfn(start + index))), index * pageSizeBytes);
  const reader = new ByteReader(bytes);
  const lengthBytes = reader.u32(4);
  if (reader.text(0, magic.length) !== magic || headerSizeBytes + lengthBytes > bytes.length)
    return undefined;
  const text = reader.bytes(headerSizeBytes, lengthBytes);
  // The checksum says that these bytes are what writeLeftBehind wrote, which the compiler cannot see.
  return crc32(text) === reader.u32(8) ? (JSON.parse(textOf(text)) as LeftBehind) : undefined;
}

/** The chart as it was; charts use no history states, which XState would not bring back. */
export function snapshotOf({ machine, name }: Actor, { actors }: LeftBehind): AnyMachineSnapshot {
  const state = actors[name];
  assert(state !== undefined, `left-behind: ${name} is not among the actors of its kernel`);
  // Value and context came from this very chart.
  return machine.resolveState(state as never);
}

export const stateOf = ({ value, context }: AnyMachineSnapshot): LeftBehind['actors'][ActorName] => ({
  value,
  context,
});
