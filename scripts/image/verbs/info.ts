/** `kjump image info`: what a file is. */
import { pagesByKind } from '../../../image/filter/filter-memory.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import type { Parsed } from '../../cli/parse.ts';
import { type ImageInput, inputTable, requiredFiles, withImage } from '../image-input.ts';
import { kindLines } from '../page-kinds.ts';

const infoTable = { ...inputTable };

export const info = command({
  name: 'image info',
  about:
    'Says what a file is, of which machine, how many pages of which kind it has, and what is wrong with it',
  table: infoTable,
  positionals: { takes: 'FILE', most: 1 },
  notes: [
    'Headers, notes and tables are read, pages are not: `kjump image verify` reads them.',
    'Exit codes: 0 it can be read; 2 it cannot, or the arguments are bad.',
  ],
  run: tellInfo,
});

async function tellInfo(
  { positionals, values }: Parsed<WithCommon<typeof infoTable>>,
  io: Io,
): Promise<number> {
  const [path = ''] = requiredFiles(positionals, 'FILE', 1);
  return withImage(io.files, path, values, async (input) => {
    io.out.write(values.json ? `${JSON.stringify(infoJson(input), null, 2)}\n` : infoText(input));
    return exitCodes.well;
  });
}

function infoJson({ format, contents, source }: ImageInput): unknown {
  const { pageCount, problems, facts, memory } = contents;
  return {
    format: format.name,
    pages: pageCount,
    problems,
    lengthBytes: source.length,
    facts: Object.fromEntries(facts),
    kinds: pagesByKind(memory.runs()),
  };
}

function infoText({ path, format, contents, source }: ImageInput): string {
  const { pageCount, problems, facts, memory } = contents;
  const rows: readonly (readonly [string, string])[] = [
    ['format', format.name],
    ['bytes', String(source.length)],
    ['pages', String(pageCount)],
    ...facts,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    path,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    'pages by kind',
    ...kindLines(memory),
    ...(problems.length === 0 ? [] : ['problems', ...problems.map((problem) => `  ${problem}`)]),
    '',
  ].join('\n');
}
