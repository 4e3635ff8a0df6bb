/** The run that is stepped through: a box at its start, or what a saved run or a list of picks led to, shown at its end. */
import { laws } from '../../machines/laws/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History } from '../../machines/system/history.ts';
import { InputError } from '../cli/input-error.ts';
import type { Io } from '../cli/io.ts';
import { givenPicks } from '../saved-run/picks.ts';
import type { PicksGiven } from '../saved-run/read-picks.ts';
import { planDigest } from '../saved-run/trace.ts';
import { Session } from './session.ts';

export type RunToStep = { readonly options: BoxOptions; readonly picks: PicksGiven | undefined };

export function openRun({ options, picks }: RunToStep, io: Pick<Io, 'out' | 'files' | 'version'>): Session {
  const plan = planOf(options);
  const { rules, world } = beginBox(plan);
  const history = new History(rules, world, inTime);
  if (picks?.type === 'picks.run') {
    const { saved, where } = picks;
    if (planDigest(plan) !== saved.plan) {
      const expected = `a box whose plan has the digest ${saved.plan}`;
      throw new InputError('picks.other-box', { where, expected, found: planDigest(plan) });
    }
    const recorded = givenPicks(saved.picks, where);
    while (history.length < saved.steps && history.choose(recorded));
  }
  if (picks?.type === 'picks.list') {
    const recorded = givenPicks(picks.picks, picks.where);
    while (recorded.left() > 0 && history.choose(recorded));
    if (recorded.left() > 0) {
      const expected = `the end of the list with the end of the run, after ${history.length} steps`;
      throw new InputError('picks.too-long', {
        where: picks.where,
        expected,
        found: `${recorded.left()} more answers`,
      });
    }
  }
  const look = {
    paint: io.out.paint,
    columns: () => (io.out.isTerminal ? io.out.columns : Number.POSITIVE_INFINITY),
  };
  return new Session({ history, options, laws, look, files: io.files, version: io.version });
}
