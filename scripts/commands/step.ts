/** `kjump step`: through a run in both directions, on a terminal or from a pipe. */
import {
  type BoxTable,
  boxOptionsOf,
  boxTable,
  givenBoxOptions,
  imageTable,
  memoryTable,
} from '../cli/box-options.ts';
import { command, type WithCommon } from '../cli/command.ts';
import { withMemory } from '../cli/given-memory.ts';
import type { Io } from '../cli/io.ts';
import { optionalText } from '../cli/options.ts';
import type { Parsed } from '../cli/parse.ts';
import { wrap } from '../cli/wrap.ts';
import { bytesText } from '../report/quantity-text.ts';
import { checkMemory } from '../saved-run/read.ts';
import { readPicks } from '../saved-run/read-picks.ts';
import { completionsOf } from '../stepper/completions.ts';
import { openRun } from '../stepper/open-run.ts';
import type { Session } from '../stepper/session.ts';
import { askFrom, talk } from '../stepper/talk.ts';

const stepTable = {
  ...boxTable,
  ...memoryTable,
  ...imageTable,
  picks: optionalText({
    takes: 'FILE',
    help: 'open a saved run (its folder or trace; its options hold, too) or a JSON list of picks, at its end',
  }),
};

type StepTable = WithCommon<typeof stepTable>;

export const step = command({
  name: 'step',
  about: 'Steps through a run, forwards and backwards, with the verbs of gdb',
  table: stepTable,
  notes: [
    'Reads commands from standard input, one a line; "help" tells them. On a terminal it shows a prompt with step and time, completes words with the tabulator key, and an empty line does the last step again.',
    'It stops at both ends of the run and goes on from there. quit or the end of the input ends it with exit code 0; bad options with 2. With --json every answer is one line of JSON.',
  ],
  run: stepThrough,
});

async function stepThrough({ values, given, ...rest }: Parsed<StepTable>, io: Io): Promise<number> {
  const picks = values.picks === undefined ? undefined : readPicks(values.picks, io.files);
  // The box's own options are part of this table, under the same names.
  const wanted = givenBoxOptions({ values, given, ...rest } as Parsed<BoxTable>);
  const saved = picks?.type === 'picks.run' ? picks.saved : undefined;
  const own = saved === undefined ? boxOptionsOf(wanted) : { ...saved.options, ...wanted };
  const options = await withMemory(own, values.memory, io.files);
  if (saved !== undefined) checkMemory(saved, options.memory);
  const session = openRun({ options, picks }, io);
  const isJson = values.json;
  if (io.input.isTerminal && !isJson) {
    for (const line of greeting(session).flatMap((text) => wrap(text, io.out.columns)))
      io.out.write(`${line}\n`);
  }
  const editor = await io.input.edit?.({ complete: (line) => completionsOf(session, line) });
  try {
    return await talk({ session, io, isJson, ask: editor?.ask ?? askFrom(io) });
  } finally {
    editor?.close();
  }
}

function greeting({ rules: { plan }, position }: Session): readonly string[] {
  const { path, variant, load, ramBytes, size, workload, seed } = plan;
  const box = `${path} ${variant}, ${load} load, ${bytesText(ramBytes)}, ${size.cpuCount} CPUs, ${size.deviceCount} devices, ${workload} on ${size.taskCount} tasks, seed ${seed}`;
  const place = position === 0 ? 'At the start' : `At step ${position}, the end of what was recorded`;
  return [
    box,
    `${place}. n goes on to the next change of state, c to the end; help tells the verbs, quit leaves.`,
  ];
}
