/**
 * The partition that kernel B saves to: its own, never mounted by A, so B can write to it without touching anything that A believes
 * in. Our own format; blocks are 4096 bytes.
 *
 *   block 0            commit sector, 512 bytes (commit.ts); the rest of the block is not used
 *   blocks 1 to n      the vmcore ELF file byte for byte (n = its length in blocks). Blocks of zeros are not written.
 *   blocks n+1 ...     the map of the blocks that were written (block-map.ts)
 *
 * Promises: without the commit sector there is no image, and it is written last (save-steps.ts); every saved block is covered by
 * a checksum (checksum.ts); time and space go with what was saved, not with how long the file is; an image can be marked as
 * consumed with one sector. On a partition that was all zeros before, `dd bs=4096 skip=1` yields
 * the ELF file (and the map behind it, which readers of ELF files ignore).
 * Leaves out: compression, several images on one partition, protection against somebody who wants to forge an image.
 */
import { textOf } from '../../bytes.ts';
import { hex, ImageError } from '../../image-error.ts';
import type { Source } from '../../sink.ts';
import { vmcoreElf } from '../elf/index.ts';
import type { ImageContents, ImageFormat } from '../image-format.ts';
import { commitMagic } from './commit.ts';
import { checkData, inspectSaved, type SavedImage } from './open-saved.ts';

export const savedPartition: ImageFormat = {
  name: 'saved-partition',
  describe: "kernel B's own partition: one vmcore, a map of its blocks, and a commit sector",
  sniff: (firstBytes) => textOf(firstBytes.subarray(0, commitMagic.length)) === commitMagic,
  read,
};

function read(source: Source): ImageContents {
  const image = inspectSaved(source);
  const { commit, data } = image;
  const vmcore = vmcoreElf.read(data);
  return {
    pageCount: vmcore.pageCount,
    facts: [
      ['kind', commit.kind],
      ['state', commit.state],
      ['generation', String(commit.generation)],
      ['saved blocks', String(commit.blockCount)],
      ['jump-back entry', hex(commit.jumpBackEntry)],
      ...vmcore.facts,
    ],
    problems: [...dataProblems(source, image), ...vmcore.problems],
    readPhysical: vmcore.readPhysical,
    memory: {
      ...vmcore.memory,
      machine: {
        ...vmcore.memory.machine,
        ...(commit.kind === 'jump' && { jumpBackEntry: commit.jumpBackEntry }),
      },
    },
  };
}

function dataProblems(source: Source, image: SavedImage): string[] {
  try {
    checkData(source, image);
    return [];
  } catch (error) {
    if (error instanceof ImageError) return [error.message];
    throw error;
  }
}
