/** `kjump image diff`: two images page by page, with owners. */
import { type DifferenceKind, diffImages } from '../../../image/diff-images.ts';
import { filterMemory } from '../../../image/filter/filter-memory.ts';
import { ImageError } from '../../../image/image-error.ts';
import { knownMemory } from '../../../image/linux/known-memory.ts';
import type { MemoryImage } from '../../../image/memory-image.ts';
import type { Pfn } from '../../../image/pfn.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import { flag } from '../../cli/options.ts';
import type { Parsed } from '../../cli/parse.ts';
import { DiffReport, type OwnedRun } from '../diff-report.ts';
import { inputTable, requiredFiles, withImage } from '../image-input.ts';
import { threadsOption, type Working, working } from '../pack-on.ts';

const diffTable = {
  'exit-code': flag('1 when the images differ, as diff does'),
  threads: threadsOption,
  from: inputTable.from,
};

export const diff = command({
  name: 'image diff',
  about: 'Compares two images page by page, whatever their formats, and says what owns the pages that differ',
  table: diffTable,
  positionals: { takes: 'A B', most: 2 },
  notes: [
    'The owner is told by the struct page in the first image that has them: free, cache, cachePrivate, user, hwpoison, offline, or kernel for all that no filter would leave out.',
    'Exit codes: 0 compared; 1 only with --exit-code, when anything differs; 2 bad input.',
  ],
  run: compareFiles,
});

async function compareFiles(
  { positionals, values }: Parsed<WithCommon<typeof diffTable>>,
  io: Io,
): Promise<number> {
  const [pathA = '', pathB = ''] = requiredFiles(positionals, 'A B', 2);
  const reading = { from: values.from, offset: undefined, parts: undefined };
  return withImage(io.files, pathA, reading, (first) =>
    withImage(io.files, pathB, reading, (second) =>
      working(io, values.threads, async (tools) => {
        const memories = [first.contents.memory, second.contents.memory] as const;
        const report = new DiffReport();
        await compare(memories, await ownerIn(memories, tools), { tools, report });
        io.out.write(
          values.json
            ? `${JSON.stringify(report.json(first, second), null, 2)}\n`
            : report.text(first, second),
        );
        return values['exit-code'] && !report.isSame ? exitCodes.no : exitCodes.well;
      }),
    ),
  );
}

type OwnerOf = (frame: Pfn) => string;

async function compare(
  [first, second]: readonly [MemoryImage, MemoryImage],
  ownerOf: OwnerOf,
  { tools, report }: { readonly tools: Working; readonly report: DiffReport },
): Promise<void> {
  const differences = diffImages(first, second, tools);
  for (;;) {
    const next = await differences.next();
    if (next.done === true) {
      report.samePages = next.value;
      return;
    }
    const { startPfn, count, kind } = next.value;
    for (let index = 0; index < count; index += 1) report.add(owned(startPfn + index, kind, ownerOf));
  }
}

// The frames of a run are frames.
const owned = (frame: number, kind: DifferenceKind, ownerOf: OwnerOf): OwnedRun => ({
  startPfn: frame as Pfn,
  count: 1,
  kind,
  owner: ownerOf(frame as Pfn),
});

/** An image without struct pages has no owners to tell: the other one is asked, and then nobody. */
async function ownerIn(memories: readonly MemoryImage[], tools: Working): Promise<OwnerOf> {
  for (const memory of memories) {
    try {
      const { memory: known } = await knownMemory(memory, tools);
      const { reasons } = filterMemory(known, { level: 31 });
      return (frame) => reasons.at(frame) ?? 'kernel';
    } catch (error) {
      if (!(error instanceof ImageError)) throw error;
    }
  }
  return () => 'unknown';
}
