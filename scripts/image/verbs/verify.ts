/** `kjump image verify`: whether an image is whole. */
import type { ProtectedRange, VerifyReport } from '../../../image/formats/image-format.ts';
import { command, type WithCommon } from '../../cli/command.ts';
import { exitCodes, type Io } from '../../cli/io.ts';
import type { Parsed } from '../../cli/parse.ts';
import { type ImageInput, inputTable, requiredFiles, withImage } from '../image-input.ts';
import { threadsOption, working } from '../pack-on.ts';
import { verifyInput } from '../verify-input.ts';

const verifyTable = { ...inputTable, threads: threadsOption };

export const verify = command({
  name: 'image verify',
  about: 'Checks structure and sums, reads every page once, and says what of the file nothing protects',
  table: verifyTable,
  positionals: { takes: 'FILE', most: 1 },
  notes: ['Exit codes: 0 nothing is wrong; 1 something is; 2 it cannot be read, or the arguments are bad.'],
  run: verifyFile,
});

async function verifyFile(
  { positionals, values }: Parsed<WithCommon<typeof verifyTable>>,
  io: Io,
): Promise<number> {
  const [path = ''] = requiredFiles(positionals, 'FILE', 1);
  return withImage(io.files, path, values, async (input) => {
    const report = await working(io, values.threads, (tools) => verifyInput(input, tools));
    const protectedBytes = bytesByProtection(input);
    const told = { input, report, protectedBytes };
    io.out.write(values.json ? `${JSON.stringify(verifyJson(told), null, 2)}\n` : verifyText(told));
    return report.problems.length === 0 && report.lost.length === 0 ? exitCodes.well : exitCodes.no;
  });
}

type ProtectedBytes = Readonly<Record<ProtectedRange['kind'], number>>;
type Told = {
  readonly input: ImageInput;
  readonly report: VerifyReport;
  readonly protectedBytes: ProtectedBytes | undefined;
};

function bytesByProtection({ format, source, options }: ImageInput): ProtectedBytes | undefined {
  const ranges = format.protection?.(source, options);
  if (ranges === undefined) return undefined;
  const bytes = { checked: 0, structural: 0, unprotected: 0 };
  for (const { kind, length } of ranges) bytes[kind] += length;
  return bytes;
}

function verifyJson({ input, report, protectedBytes }: Told): unknown {
  return {
    format: input.format.name,
    pages: input.contents.pageCount,
    problems: report.problems,
    pagesRead: report.pagesRead,
    lost: report.lost.map(({ startPfn, count }) => ({ startPfn, count })),
    ...(protectedBytes !== undefined && { protectedBytes }),
  };
}

function verifyText({ input, report, protectedBytes }: Told): string {
  const { problems, pagesRead } = report;
  return [
    `${input.path}: ${input.format.name}, ${pagesRead} pages read`,
    ...problems.map((problem) => `  ${problem}`),
    ...(protectedBytes === undefined ? [] : [protectionText(protectedBytes)]),
    problems.length === 0 ? 'whole' : `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`,
    '',
  ].join('\n');
}

const protectionText = ({ checked, structural, unprotected }: ProtectedBytes): string =>
  `  a change would be noticed in ${checked + structural} bytes (${checked} by a sum or a decoder), in ${unprotected} it would not`;
