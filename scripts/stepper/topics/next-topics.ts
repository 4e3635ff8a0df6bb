/** What may happen next. */
import { durationText } from '../../report/quantity-text.ts';
import type { Answer } from '../answer.ts';
import { heldBack, nextPicks } from '../next-picks.ts';
import type { Session } from '../session.ts';
import { textTable } from '../text-table.ts';
import type { Topic } from './topic.ts';

export const nextTopics: readonly Topic[] = [
  {
    name: 'picks',
    takes: '',
    about: 'what may happen next, in the order of time (1 is what s does), and what is held back and why',
    tell: tellPicks,
  },
];

function tellPicks({ rules, world, look }: Session): Answer {
  const picks = nextPicks(rules, world);
  const held = heldBack(rules, world);
  const { nowNs } = world.clock;
  const rows = picks.map(({ number, key, dueNs, why }) => [
    String(number),
    `in ${durationText(dueNs - nowNs)}`,
    why,
    key,
  ]);
  return {
    lines: [
      ...(rows.length === 0 ? ['nothing can happen any more'] : textTable(rows, look.columns())),
      ...(held.length === 0
        ? []
        : [
            'held back',
            ...textTable(
              held.map(({ what, why }) => [what, why]),
              look.columns(),
            ),
          ]),
    ],
    data: { picks, held },
  };
}
