/**
 * Things to be looked at: fields of the machine, of an actor, of the plan, a page of memory, a block of the disk. A thing is read from
 * any world, so it can be printed, watched, and asked when it last changed.
 *
 *     machine.devices.gpu.power    owner    original.imageLoaded    original/gpu    tasks.editor.done    page 0x5100    block 12
 *
 * Devices and tasks go by their names or by their numbers; `machine.` may be left out.
 */
import type { ContentId } from '../../kernels/memory/contents.ts';
import { workloadOf } from '../../kernels/workloads/index.ts';
import { taskNameOf } from '../../kernels/workloads/workload.ts';
import type { ActorName } from '../../machines/system/actors.ts';
import type { Rules, World } from '../../machines/system/world.ts';
import { closest } from '../cli/closest.ts';
import { snapshotOf, stateOf } from './snapshot-of.ts';
import { StepperError } from './stepper-error.ts';

export type PageSpace = 'memory' | 'medium';

export type Thing = {
  readonly text: string;
  readonly read: (world: World) => unknown;
  /** A page of memory or a block of the disk: what is read is the id of its content. */
  readonly page?: { readonly space: PageSpace; readonly index: number };
};

/** How things are written, for help. */
export const thingForms = [
  { form: 'machine.devices.gpu.power', about: 'a field of the machine; machine. may be left out' },
  { form: 'tasks.editor.done', about: 'of a task of A; devices and tasks go by name or by number' },
  { form: 'original', about: 'an actor: its state and its context' },
  { form: 'original.imageLoaded', about: 'a field of its context; original.state is its state' },
  { form: 'page 0x5100', about: 'a page of memory, by its frame number' },
  { form: 'block 12', about: 'a block of the disk' },
  { form: 'clock', about: 'time, and the clocks of the kernels' },
  { form: 'queues', about: 'messages under way' },
  { form: 'plan', about: 'what the box is made of' },
] as const;

export function thingOf(rules: Rules, world: World, given: string): Thing {
  const text = given.trim();
  return pageThing(world, text) ?? fieldThing(rules, world, text);
}

export const contentAt = (world: World, { space, index }: NonNullable<Thing['page']>): ContentId =>
  world[space].get(index);

function pageThing(world: World, text: string): Thing | undefined {
  const [, word, number = ''] = /^(page|block)\s+(\S+)$/.exec(text) ?? [];
  if (word === undefined) return undefined;
  const space = word === 'page' ? 'memory' : 'medium';
  const index = Number(number);
  const { size } = world[space];
  if (!Number.isInteger(index) || index < 0 || index >= size) {
    const expected = `a number below 0x${size.toString(16)}`;
    throw new StepperError('thing.unknown', { where: word, expected, found: number });
  }
  const page = { space, index } as const;
  return { text, page, read: (of) => contentAt(of, page) };
}

function fieldThing(rules: Rules, world: World, text: string): Thing {
  const [first = '', ...rest] = text.replaceAll(/\[([^\]]*)\]/g, '.$1').split('.');
  const { root, path } = rootOf(rules, world, first, rest);
  const read = (of: World): unknown => path.reduce((at, name) => inner(rules, at, name), root(of)).value;
  path.reduce((at, name) => checkedInner(rules, at, name), root(world));
  return { text, read };
}

/** Where a path has come to: a value, and the names that led to it. */
type At = { readonly value: unknown; readonly names: readonly string[] };

type Root = { readonly root: (world: World) => At; readonly path: readonly string[] };

/** The first word says where to look; a field of the machine may stand first itself. */
function rootOf(rules: Rules, world: World, first: string, rest: readonly string[]): Root {
  const at = (value: unknown): At => ({ value, names: [first] });
  const actor = rules.actors.get(first as ActorName);
  if (actor) {
    const path = rest[0] === 'context' ? rest.slice(1) : rest;
    return {
      path,
      root: (of) => at({ state: stateOf(of, actor.name), ...snapshotOf(of, actor.name).context }),
    };
  }
  if (first === 'machine') return { path: rest, root: ({ machine }) => at(machine) };
  if (first === 'tasks') return { path: rest, root: ({ machine }) => at(machine.kernels.original.tasks) };
  if (first === 'plan') return { path: rest, root: () => at(rules.plan) };
  if (first === 'clock') return { path: rest, root: ({ clock }) => at(clock) };
  if (first === 'queues') return { path: rest, root: ({ queues }) => at(queues) };
  if (Object.hasOwn(world.machine, first)) {
    return { path: [first, ...rest], root: ({ machine }) => ({ value: machine, names: [] }) };
  }
  const near = closest(first, thingWords(rules, world));
  throw new StepperError('thing.unknown', {
    where: 'thing',
    expected: 'machine, an actor, tasks, page NUMBER, block NUMBER, clock, queues or plan',
    found: first,
    help: near === undefined ? 'See help things.' : `Did you mean ${near}? See help things.`,
  });
}

/** First words, for completion. */
export const thingWords = ({ actors }: Rules, { machine }: World): readonly string[] => [
  'machine',
  ...Object.keys(machine),
  'tasks',
  ...actors.keys(),
  'page',
  'block',
  'clock',
  'queues',
  'plan',
];

/** A field, or an entry of a list by number, by the name of the device or by the name of the task. */
function inner(rules: Rules, { value, names }: At, name: string): At {
  const entries = entriesOf(rules, { value, names });
  return { value: entries.find(([each]) => each === name)?.[1], names: [...names, name] };
}

function checkedInner(rules: Rules, at: At, name: string): At {
  const known = entriesOf(rules, at).map(([each]) => each);
  if (known.includes(name)) return inner(rules, at, name);
  const near = closest(name, known);
  throw new StepperError('thing.unknown', {
    where: at.names.join('.') || 'machine',
    expected: known.length === 0 ? 'no further field' : `one of ${known.join(', ')}`,
    found: name,
    ...(near !== undefined && { help: `Did you mean ${near}?` }),
  });
}

/** The names that go on from a value, with what they lead to; entries of lists have their numbers too. */
function entriesOf({ plan }: Rules, { value, names }: At): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [];
  if (!Array.isArray(value)) return Object.entries(value);
  const workload = workloadOf(plan.workload);
  const last = names.at(-1);
  const nameOf = (index: number): string | undefined =>
    last === 'devices' ? plan.devices[index] : last === 'tasks' ? taskNameOf(workload, index) : undefined;
  const named = value.flatMap((each, index): [string, unknown][] => {
    const name = nameOf(index);
    return name === undefined ? [] : [[name, each]];
  });
  return [...named, ...value.map((each, index): [string, unknown] => [String(index), each])];
}

/** For completion: all ways to go on from a text that names a record; none when it names nothing. */
export function furtherFields(rules: Rules, world: World, text: string): readonly string[] {
  const [first = '', ...rest] = text.split('.');
  if (!thingWords(rules, world).includes(first)) return [];
  const { root, path } = rootOf(rules, world, first, rest);
  return entriesOf(
    rules,
    path.reduce((at, name) => inner(rules, at, name), root(world)),
  ).map(([name]) => name);
}
