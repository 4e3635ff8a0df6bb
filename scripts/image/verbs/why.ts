/** `kjump image why`: one frame, what the image has of it, and what its `struct page` says. */
import { filterMemory } from '../../../image/filter/filter-memory.ts';
import { levelBits } from '../../../image/filter/page-reason.ts';
import { type PageStory, pageStory } from '../../../image/filter/page-story.ts';
import { ImageError } from '../../../image/image-error.ts';
import { isZero } from '../../../image/is-zero.ts';
import { knownMemory } from '../../../image/linux/known-memory.ts';
import type { AbsenceReason, MemoryImage, PageKind } from '../../../image/memory-image.ts';
import { addressOf, type Pfn, pfn } from '../../../image/pfn.ts';
import { OptionError } from '../../../machines/options/option-error.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import type { Parsed } from '../../cli/parse.ts';
import { inputTable, requiredFiles, withImage } from '../image-input.ts';
import { threadsOption, working } from '../pack-on.ts';
import { kindText } from '../page-kinds.ts';

const whyTable = { threads: threadsOption, ...inputTable };

export const why = command({
  name: 'image why',
  about: 'Says of one frame whether the image has it and why, and what makedumpfile would do with it',
  table: whyTable,
  positionals: { takes: 'FILE PFN', most: 2 },
  notes: [
    'PFN is a frame number, decimal or with 0x: a physical address divided by 4096.',
    'Exit codes: 0 told; 2 bad input.',
  ],
  run: tellWhy,
});

async function tellWhy(
  { positionals, values }: Parsed<WithCommon<typeof whyTable>>,
  io: Io,
): Promise<number> {
  const [path = '', text = ''] = requiredFiles(positionals, 'FILE PFN', 2);
  const frame = frameNumber(text);
  return withImage(io.files, path, values, ({ format, contents }) =>
    working(io, values.threads, async (tools) => {
      const { memory, kernel } = await knownMemory(contents.memory, tools);
      const kind = kindOf(memory, frame);
      const page = kernel === undefined ? undefined : triedStory(() => pageStory(kernel, frame));
      const blockReason =
        kernel === undefined
          ? undefined
          : triedStory(() => filterMemory(memory, { level: 31 }).reasons.at(frame));
      const told: Told = {
        frame,
        kind,
        holds: holdsOf(memory, frame, kind),
        page,
        reason: page?.reason ?? blockReason,
      };
      const json = { format: format.name, pages: contents.pageCount, problems: contents.problems, ...told };
      io.out.write(values.json ? `${JSON.stringify(json, null, 2)}\n` : whyText(told));
      return exitCodes.well;
    }),
  );
}

type Told = {
  readonly frame: Pfn;
  readonly kind: PageKind | undefined;
  readonly holds: 'zeros' | 'data' | 'damaged' | undefined;
  readonly page: PageStory | undefined;
  readonly reason: string | undefined;
};

function frameNumber(text: string): Pfn {
  if (/^(0x[0-9a-f]{1,13}|\d{1,15})$/i.test(text)) return pfn(Number(text));
  throw new OptionError('option.number', { option: 'PFN', expected: 'a frame number', found: text });
}

function kindOf(memory: MemoryImage, frame: Pfn): PageKind | undefined {
  for (const { startPfn, count, kind } of memory.runs())
    if (frame >= startPfn && frame < startPfn + count) return kind;
  return undefined;
}

function holdsOf(memory: MemoryImage, frame: Pfn, kind: PageKind | undefined): Told['holds'] {
  if (kind === 'zero') return 'zeros';
  if (kind !== 'stored' && kind !== 'partial') return undefined;
  try {
    return isZero(memory.readPage(frame)) ? 'zeros' : 'data';
  } catch (error) {
    if (error instanceof ImageError) return 'damaged';
    throw error;
  }
}

/** A kernel without what a filter needs has no story: that is an answer, not an error. */
function triedStory<Result>(tell: () => Result): Result | undefined {
  try {
    return tell();
  } catch (error) {
    if (error instanceof ImageError) return undefined;
    throw error;
  }
}

function whyText({ frame, kind, holds, page, reason }: Told): string {
  const here = kind === undefined ? 'nothing: a hole, or memory that it does not know of' : kindText(kind);
  return [
    `frame 0x${frame.toString(16)}, physical 0x${addressOf(frame).toString(16)}`,
    `  in the image    ${here}${holds === undefined ? '' : `; it holds ${holds}`}`,
    ...(page === undefined ? ['  struct page     not found'] : pageLines(page)),
    `  makedumpfile    ${verdictText(reason, holds, page !== undefined)}`,
    '',
  ].join('\n');
}

function pageLines({ flags, flagsWord, mapping, isAnonymous, mapcount, isTail }: PageStory): string[] {
  const named = [...flags, ...(isTail ? ['tail of a compound page'] : [])];
  return [
    `  flags           ${flagsWord}${named.length === 0 ? '' : ` (${named.join(', ')})`}`,
    `  mapping         ${mapping}${isAnonymous ? ' (anonymous, unless it is a slab)' : ''}`,
    `  _mapcount       ${mapcount}`,
  ];
}

const bitOf: Readonly<Partial<Record<AbsenceReason, number>>> = levelBits;

function verdictText(reason: string | undefined, holds: Told['holds'], isDecided: boolean): string {
  if (reason !== undefined) {
    const bit = Object.entries(bitOf).find(([name]) => name === reason)?.[1];
    return `leaves it out as ${reason}${bit === undefined ? ' at any level' : ` with bit ${bit} of -d`}`;
  }
  if (holds === 'zeros') return `takes it for zeros with bit ${levelBits.zero} of -d`;
  return isDecided ? 'keeps it at every level' : 'cannot decide';
}
