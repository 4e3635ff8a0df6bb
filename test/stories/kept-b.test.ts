/** Variant `kept-b`: B boots once; later jumps load it as it was when it left. */
import { describe, expect, it } from 'vitest';
import { diskLayout } from '../../kernels/disk-layout.ts';
import { markersIn, tell } from '../kit/story.ts';
import { endOf, historyOf, verdictAt } from '../laws/sabotaged-run.ts';
import { once, strangePage } from '../laws/tampering.ts';

/** The region of 128 MiB is more than half of 256 MiB, and kexec_load refuses such an image (linux.md A1.2). */
const roomy = { ramBytes: 2 ** 29 } as const;

describe.each(['reserved', 'on-demand'] as const)('with B %s', (load) => {
  const told = tell({ ...roomy, variant: 'kept-b', load, rounds: 3 });

  it('A comes back every time, and every law holds', () => {
    expect(told.verdict).toBe('restored');
    expect(told.broken).toEqual([]);
    expect(told.ignored).toEqual([]);
    const returns = told.history.allRecords.flatMap(({ notes }) =>
      notes.filter((note) => note.type === 'jump.arrived' && note.kernel === 'original'),
    );
    expect(returns.length).toBe(3);
  });

  it('B boots once and saves three times', () => {
    const boots = markersIn(told.console).filter((line) => line === 'Linux version');
    // One of A, one of B.
    expect(boots.length).toBe(2);
    const saves = told.history.allRecords.filter(({ notes }) =>
      notes.some(({ type }) => type === 'image.committed'),
    );
    expect(saves.length).toBe(3);
  });
});

it('a kept B that was damaged on the disk is not loaded', () => {
  const history = endOf(
    historyOf(
      { ...roomy, variant: 'kept-b', tasks: 1, work: 4 },
      {
        sabotage: (box, command, carryOut) => {
          const { start } = diskLayout(box.plan.ramBytes).kept;
          if (command.type === 'kexec.load' && command.purpose === 'kept')
            box.medium.write(start + 7, strangePage(box));
          carryOut();
        },
      },
    ),
  );
  expect(verdictAt(history)).toBe('refused');
});

it('a B whose memory was damaged before it was kept is not entered: what it left behind is gone', () => {
  const history = endOf(
    historyOf(
      { ...roomy, variant: 'kept-b', tasks: 1, work: 4, load: 'reserved' },
      {
        sabotage: once('kept.save', (box) =>
          box.memory.write(box.plan.layout.dump.leftBehind.start, strangePage(box)),
        ),
      },
    ),
  );
  expect(verdictAt(history)).toBe('lost');
});
