/** Nobody waits for ever. */
import { verdictOf } from '../paths/path.ts';
import { isLive } from './kernel-facts.ts';
import type { Breach, Law, SeenRun } from './law.ts';

export const noWaitWithoutAWayOut: Law = {
  name: 'no-wait-without-a-way-out',
  says: 'Whoever waits is answered, told of a failure, or gives up in time',
  verifies:
    'at the end: no chart of a kernel that runs waits, the operator has an end, and it is no hang unless a planned fault has struck',
  leavesOut: 'kernels that are away or stopped; whether a fault was a good reason to hang',
  source: 'design section 5; machines/vocabulary.ts, tag waiting',
  atEnd: (seen) => [...waits(seen), ...operatorsEnd(seen)],
};

function waits({ rules, world }: SeenRun): readonly Breach[] {
  return rules.actorOrder.flatMap((name) => {
    const kernel = rules.actors.get(name)?.kernel;
    const mayMove = kernel === undefined || isLive(world, kernel);
    if (name === 'operator' || !mayMove || world.actors[name]?.hasTag('waiting') !== true) return [];
    return [{ text: `${name} waits, and nothing can happen any more` }];
  });
}

function operatorsEnd({ world }: SeenRun): readonly Breach[] {
  const verdict = verdictOf(world.actors.operator);
  if (verdict === undefined) return [{ text: 'the operator has come to no end' }];
  const isExplained = world.machine.strikes.some(({ struck }) => struck);
  return verdict === 'hung' && !isExplained ? [{ text: 'the machine hangs, and no fault was planned' }] : [];
}
