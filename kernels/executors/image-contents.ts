/**
 * What a kexec image is filled with, page by page: kernel and initrd as patterns, boot parameters, purgatory with its checksum, the
 * elfcorehdr, zeros where only the room matters.
 */
import { frameOf, type Pfn, type PhysicalAddress, pageSizeBytes, pfn } from '../../image/pfn.ts';
import type { Box } from '../box.ts';
import type { ToolPlan } from '../kexec/kexec-tools.ts';
import { type PlannedSegment, rangeOf } from '../kexec/place-segments.ts';
import {
  digestOf,
  digestRegions,
  encodePurgatoryData,
  encodePurgatoryState,
  purgatoryLayout,
} from '../kexec/purgatory.ts';
import { zeroWord } from '../kexec/word.ts';
import type { KernelName } from '../machine.ts';
import { type ContentId, zeroContent } from '../memory/contents.ts';
import { encodeBootParameters } from './boot-parameters.ts';
import { elfcorehdrFor } from './save-headers.ts';

/** Content by destination frame. */
export type ImageContents = ReadonlyMap<Pfn, ContentId>;

export type ContentsRequest = {
  readonly kernel: KernelName;
  readonly plan: ToolPlan;
  readonly isPanicKernel: boolean;
  /** Where a frame's bytes will be once B runs. */
  readonly whereIs: (frame: Pfn) => Pfn;
};

const imageSeeds = { kernel: 0xc1, initrd: 0xc2, purgatory: 0xc3, 'random seed': 0xc4 } as const;

export function imageContents(box: Box, request: ContentsRequest): ImageContents {
  const contents = new Map<Pfn, ContentId>();
  for (const segment of request.plan.segments) {
    const pages = segmentPages(box, segment, request);
    for (let index = 0; index < segment.memorySizeBytes / pageSizeBytes; index += 1) {
      contents.set(pfn(frameOf(segment.memoryStart) + index), pages(index));
    }
  }
  addPurgatory(box, contents, request);
  return contents;
}

function segmentPages(
  box: Box,
  { purpose }: PlannedSegment,
  request: ContentsRequest,
): (index: number) => ContentId {
  const { plan } = request;
  switch (purpose) {
    case 'kernel':
    case 'initrd':
    case 'purgatory':
    case 'random seed': {
      const seed = imageSeeds[purpose];
      return (index) => box.contents.made({ rule: 'pattern', seed, index });
    }
    case 'boot parameters': {
      const first = box.contents.intern(
        encodeBootParameters({ commandLine: plan.commandLine, map: plan.mapOfB }),
      );
      return (index) => (index === 0 ? first : zeroContent);
    }
    case 'elfcorehdr': {
      const bytes = elfcorehdrFor(box.plan, {
        kernel: request.kernel,
        elfcorehdr: plan.elfcorehdr,
        whereIs: request.whereIs,
      });
      return (index) => pageOf(box, bytes, index);
    }
    // Low memory is copied by purgatory, when A has stopped.
    case 'low memory copy':
    case 'backup':
      return () => zeroContent;
  }
}

function pageOf(box: Box, bytes: Uint8Array, index: number): ContentId {
  const page = new Uint8Array(pageSizeBytes);
  page.set(bytes.subarray(index * pageSizeBytes, (index + 1) * pageSizeBytes));
  return box.contents.intern(page);
}

/** The digest covers all but purgatory itself, so its pages come last (linux.md A3.2 row 8). */
function addPurgatory(
  box: Box,
  contents: Map<Pfn, ContentId>,
  { plan, isPanicKernel }: ContentsRequest,
): void {
  const start = startOf(plan, 'purgatory');
  if (start === undefined) return;
  const regions = digestRegions(plan.segments, [start]);
  const digest = digestOf(regions, (frame) => box.contents.bytes(contents.get(frame) ?? zeroContent));
  const at = (offset: number): Pfn => pfn(frameOf(start) + offset / pageSizeBytes);
  contents.set(
    at(purgatoryLayout.dataPage),
    box.contents.intern(encodePurgatoryData({ digest: digest ?? new Uint8Array(32), regions })),
  );
  const state = { jumpBackEntry: zeroWord, isPanicKernel, hasSerialConsole: false };
  contents.set(at(purgatoryLayout.statePage), box.contents.intern(encodePurgatoryState(state)));
}

export function startOf(plan: ToolPlan, purpose: PlannedSegment['purpose']): PhysicalAddress | undefined {
  const segment = plan.segments.find((candidate) => candidate.purpose === purpose);
  return segment && rangeOf(segment).start;
}
