/** Whatever became of a suspend: a kernel that runs on has all of its devices back. */
import { kernelNames } from '../../kernels/machine.ts';
import { runsOn } from './kernel-facts.ts';
import type { Law } from './law.ts';

export const frozenDevicesResume: Law = {
  name: 'frozen-devices-resume',
  says: 'Every device that was prepared or frozen is resumed, or its kernel does not run on',
  verifies:
    'at the end, the driver of every device of every kernel that runs on, through the tags frozen and prepared',
  leavesOut: 'kernels that are away, hang, stopped or are gone',
  source: 'linux.md A1.10 (U2 of 6.12 breaks it), B.7; design section 5',
  atEnd: ({ rules, world }) => {
    const live = kernelNames.filter((kernel) => runsOn(world, kernel));
    return rules.actorOrder.flatMap((name) => {
      const kernel = rules.actors.get(name)?.kernel;
      const actor = world.actors[name];
      if (kernel === undefined || actor === undefined || !live.includes(kernel)) return [];
      const left = (['frozen', 'prepared'] as const).filter((tag) => actor.hasTag(tag));
      return left.map((tag) => ({ text: `${name} is left ${tag} while its kernel runs on` }));
    });
  },
};
