/** The registry of topics for `info`. */
import { closest } from '../../cli/closest.ts';
import type { Answer } from '../answer.ts';
import type { Session } from '../session.ts';
import { StepperError } from '../stepper-error.ts';
import { textTable } from '../text-table.ts';
import { boxTopics } from './box-topics.ts';
import { chartTopics } from './chart-topics.ts';
import { nextTopics } from './next-topics.ts';
import { runTopics } from './run-topics.ts';
import type { Topic } from './topic.ts';

export const topics: readonly Topic[] = [...chartTopics, ...nextTopics, ...boxTopics, ...runTopics];

export function topicNamed(name: string): Topic {
  const exact = topics.find((topic) => topic.name === name);
  if (exact) return exact;
  const begun = topics.filter((topic) => name !== '' && topic.name.startsWith(name));
  const [only] = begun;
  if (only && begun.length === 1) return only;
  const near = closest(
    name,
    topics.map((topic) => topic.name),
  );
  throw new StepperError('topic.unknown', {
    where: 'info',
    expected: `one of ${topics.map((topic) => topic.name).join(', ')}`,
    found: name,
    ...(near !== undefined && { help: `Did you mean info ${near}?` }),
  });
}

/** What can be asked for, in one line each. */
export function topicsAnswer({ look }: Pick<Session, 'look'>): Answer {
  const rows = topics.map(({ name, takes, about }) => [`info ${name} ${takes}`.trim(), about]);
  const told = topics.map(({ name, takes, about }) => ({ name, takes, about }));
  return { lines: textTable(rows, look.columns()), data: { topics: told } };
}
