/** What a run came to: the verdict, and all laws, those of the whole run too. Undefined while something can still happen. */
import { violationsOf } from '../../machines/laws/index.ts';
import type { Violation } from '../../machines/laws/law.ts';
import { type Verdict, verdictOf } from '../../machines/paths/path.ts';
import { possiblePicks } from '../../machines/system/picks.ts';
import type { World } from '../../machines/system/world.ts';
import type { Session } from './session.ts';
import { timeText } from './time-text.ts';

export type Ending = { readonly verdict: Verdict | undefined; readonly violations: readonly Violation[] };

/** The laws of a whole run cost as much as another run. */
const judged = new WeakMap<World, Ending>();

export function endingOf({ rules, world, history, laws }: Session): Ending | undefined {
  if (possiblePicks(rules, world).length > 0) return undefined;
  const ending = judged.get(world) ?? {
    verdict: verdictOf(world.actors.operator),
    violations: violationsOf(history, { laws }),
  };
  judged.set(world, ending);
  return ending;
}

export function endingLines(session: Session): readonly string[] {
  const ending = endingOf(session);
  if (ending === undefined) return [];
  const { look, world } = session;
  const { verdict, violations } = ending;
  return [
    look.paint(
      'bold',
      `at the end, after ${world.step} steps and ${timeText(world.clock.nowNs)} s: ${verdict ?? 'no verdict'}`,
    ),
    ...violations.map(({ law, step, text }) =>
      look.paint('red', `law ${law} is broken, step ${step}: ${text}`),
    ),
    ...(violations.length === 0 ? ['no law is broken'] : []),
  ];
}
