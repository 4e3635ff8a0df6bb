/**
 * The growing part of a kdump: descriptors and data, written as packed pages come in.
 *
 * The first page of the data is the one of zeros that all frames of zeros share. Frames that the image only tells as zero come between
 * those that it stores, so that descriptors stay in the order of frames.
 */
import type { MemoryRun } from '../../memory-image.ts';
import { pageSizeBytes } from '../../pfn.ts';
import type { Sink } from '../../sink.ts';
import { type Descriptor, descriptorSizeBytes, encodeDescriptors } from './descriptors.ts';
import type { PackedPart } from './packed-parts.ts';

export type DataPlan = {
  readonly codecFlag: number;
  readonly descriptorsOffset: number;
  readonly dataOffset: number;
  /** Frames that take no room in the image that is written from: ascending. */
  readonly zeroRuns: Iterator<MemoryRun>;
};

/** Descriptors gathered before they are written: 96 KiB of them. */
const gatheredDescriptors = 4096;

export class DumpData {
  pageCount = 0;
  zeroCount = 0;
  readonly #sink: Sink;
  readonly #plan: DataPlan;
  readonly #zeroPage: Descriptor;
  #nextZeros: MemoryRun | undefined;
  #gathered: Descriptor[] = [];
  #descriptorsEnd: number;
  #dataEnd: number;

  constructor(sink: Sink, plan: DataPlan) {
    this.#sink = sink;
    this.#plan = plan;
    this.#zeroPage = { offset: plan.dataOffset, sizeBytes: pageSizeBytes, flags: 0 };
    this.#descriptorsEnd = plan.descriptorsOffset;
    this.#dataEnd = plan.dataOffset;
    this.#nextZeros = nextOf(plan.zeroRuns);
    this.#append(new Uint8Array(pageSizeBytes));
  }

  add({ runs, bytes, lengths }: PackedPart): void {
    let offset = this.#dataEnd;
    let index = 0;
    for (const { startPfn, count } of runs) {
      this.#addZerosBefore(startPfn);
      for (const end = index + count; index < end; index += 1) {
        const sizeBytes = lengths[index] ?? 0;
        this.#describe(sizeBytes === 0 ? this.#zeroPage : this.#descriptorOf(offset, sizeBytes));
        offset += sizeBytes;
      }
    }
    this.#append(bytes);
  }

  /** Returns the length of the file. */
  finish(): number {
    this.#addZerosBefore(Number.POSITIVE_INFINITY);
    this.#writeDescriptors();
    return this.#dataEnd;
  }

  #descriptorOf(offset: number, sizeBytes: number): Descriptor {
    return { offset, sizeBytes, flags: sizeBytes === pageSizeBytes ? 0 : this.#plan.codecFlag };
  }

  #addZerosBefore(frame: number): void {
    for (; this.#nextZeros !== undefined && this.#nextZeros.startPfn < frame; ) {
      for (let count = this.#nextZeros.count; count > 0; count -= 1) this.#describe(this.#zeroPage);
      this.#nextZeros = nextOf(this.#plan.zeroRuns);
    }
  }

  #describe(descriptor: Descriptor): void {
    this.pageCount += 1;
    if (descriptor === this.#zeroPage) this.zeroCount += 1;
    this.#gathered.push(descriptor);
    if (this.#gathered.length >= gatheredDescriptors) this.#writeDescriptors();
  }

  #writeDescriptors(): void {
    this.#sink.writeAt(this.#descriptorsEnd, encodeDescriptors(this.#gathered));
    this.#descriptorsEnd += this.#gathered.length * descriptorSizeBytes;
    this.#gathered = [];
  }

  #append(bytes: Uint8Array): void {
    if (bytes.length > 0) this.#sink.writeAt(this.#dataEnd, bytes);
    this.#dataEnd += bytes.length;
  }
}

function nextOf(runs: Iterator<MemoryRun>): MemoryRun | undefined {
  const result = runs.next();
  return result.done === true ? undefined : result.value;
}
