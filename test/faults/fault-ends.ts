/**
 * The table of how a path ends, wherever each fault strikes: every run comes to an end that an operator can tell, with no event ignored
 * and no law broken but those that the fault says it may break. The tables stand in `ends/`, one line for each fault and place.
 */
import { expect, it } from 'vitest';
import type { PlannedFault } from '../../kernels/plan.ts';
import { faults } from '../../machines/faults/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { baseOf, tell } from '../kit/story.ts';

export const smallest: Partial<BoxOptions> = {
  ramBytes: 2 ** 28,
  cpus: 2,
  devices: ['disk', 'network-card'],
  tasks: 1,
  work: 16,
};

export type Table = {
  /** Of the file in `ends/`. */
  readonly name: string;
  readonly options: Partial<BoxOptions>;
  readonly leftOut?: readonly string[];
  /** What this box reaches as well is in another table. */
  readonly unlike?: Partial<BoxOptions>;
};

export function itEndsAsTheTableSays({ name: table, options, leftOut = [], unlike }: Table): void {
  const rows: string[] = [];

  it.each(faults.filter(({ name }) => !leftOut.includes(name)))(
    'comes to an end wherever $name strikes',
    ({ name, places, breaks = [] }) => {
      for (const where of places(planOf(options))) {
        const fault = `${name}@${where}`;
        if (!isReached(options, { name, where }) || (unlike && isReached(unlike, { name, where }))) continue;
        const told = tell({ ...options, noConsoleSuspend: false }, fault);
        rows.push(`${fault.padEnd(44)} ${told.verdict ?? 'none'}`);
        expect(told.end, fault).toBe('ended');
        expect(told.world.machine.strikes, fault).toEqual([{ struck: true }]);
        expect(told.verdict, fault).toBeDefined();
        expect(told.ignored, fault).toEqual([]);
        const unexplained = told.broken.filter((law) => !breaks.includes(law));
        expect(unexplained, fault).toEqual([]);
      }
    },
  );

  it('ends as the table says', async () => {
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`ends/${table}.txt`);
  });
}

const isReached = (options: Partial<BoxOptions>, fault: PlannedFault): boolean =>
  baseOf(options).reached(fault) !== undefined;
