/** The machine: devices, processors, tasks, memory. */
import { pageSizeBytes } from '../../../image/pfn.ts';
import { poisonContent, zeroContent } from '../../../kernels/memory/contents.ts';
import type { PageMap } from '../../../kernels/memory/page-map.ts';
import { workloadOf } from '../../../kernels/workloads/index.ts';
import { taskNameOf } from '../../../kernels/workloads/workload.ts';
import { bytesText, countText } from '../../report/quantity-text.ts';
import type { Answer } from '../answer.ts';
import { memoryRanges, type NamedRange } from '../memory-ranges.ts';
import type { Session } from '../session.ts';
import { hex } from '../step-lines.ts';
import { textTable } from '../text-table.ts';
import { valueText } from '../value-lines.ts';
import type { Topic } from './topic.ts';

export const boxTopics: readonly Topic[] = [
  {
    name: 'devices',
    takes: '',
    about: 'every device: power, DMA, who set it up, what it is busy with',
    tell: tellDevices,
  },
  { name: 'cpus', takes: '', about: 'every processor', tell: tellCpus },
  { name: 'tasks', takes: '', about: "A's tasks: state, work done, memory, errors", tell: tellTasks },
  { name: 'memory', takes: '', about: 'whose frames are whose, and what they hold', tell: tellMemory },
];

/** Records with names, as a table; what is false or nothing everywhere is left out. */
function recordTable(names: readonly string[], records: readonly object[]): readonly string[] {
  const fields = Object.keys(records[0] ?? {}).filter((field) =>
    records.some((record) => isTold(field, record)),
  );
  const rows = records.map((record, index) => [
    names[index] ?? '',
    ...fields.map((field) => cell(field, record)),
  ]);
  return textTable([['', ...fields], ...rows]);
}

const fieldOf = (field: string, record: object): unknown =>
  Object.entries(record).find(([name]) => name === field)?.[1];
const isTold = (field: string, record: object): boolean =>
  !['none', 'no', false].includes(fieldOf(field, record) as string);
const cell = (field: string, record: object): string => {
  const value = fieldOf(field, record);
  return typeof value === 'boolean' ? (value ? 'yes' : '-') : valueText(value);
};

function tellDevices({ rules, world }: Session): Answer {
  const { devices } = world.machine;
  const named = rules.plan.devices.map((role, index) => ({ role, ...devices[index] }));
  return { lines: recordTable(rules.plan.devices, devices), data: { devices: named } };
}

function tellCpus({ world }: Session): Answer {
  const { cpus } = world.machine;
  return {
    lines: recordTable(
      cpus.map((_, index) => `cpu ${index}`),
      cpus,
    ),
    data: { cpus },
  };
}

function tellTasks({ rules, world }: Session): Answer {
  const { tasks, freezing } = world.machine.kernels.original;
  const workload = workloadOf(rules.plan.workload);
  const names = tasks.map((_, index) => taskNameOf(workload, index));
  return {
    lines: [...recordTable(names, tasks), ...(freezing ? ['  all are told to freeze'] : [])],
    data: { freezing, tasks: tasks.map((task, index) => ({ name: names[index], ...task })) },
  };
}

function tellMemory({ rules, world }: Session): Answer {
  const ranges = memoryRanges(rules, world).map((range) => ({
    ...range,
    holds: holdsOf(world.memory, range),
  }));
  const rows = ranges.map(({ start, count, name, holds }) => [
    `${hex(start)}-${hex(start + count - 1)}`,
    bytesText(count * pageSizeBytes),
    name,
    holdsText(holds),
  ]);
  return { lines: textTable(rows), data: { ranges } };
}

type Holds = { readonly zero: number; readonly poison: number; readonly other: number };

/** Costs what was touched, not what there is. */
function holdsOf(memory: PageMap, { start, count }: NamedRange): Holds {
  const holds = { zero: 0, poison: 0, other: 0 };
  for (const run of memory.runs(start, start + count)) {
    holds[run.id === zeroContent ? 'zero' : run.id === poisonContent ? 'poison' : 'other'] += run.count;
  }
  return holds;
}

function holdsText(holds: Holds): string {
  const told = [
    { count: holds.other, what: 'written' },
    { count: holds.zero, what: 'zero' },
    { count: holds.poison, what: 'poison' },
  ].filter(({ count }) => count > 0);
  const [only] = told;
  if (told.length === 1 && only) return `all ${only.what}`;
  return told.map(({ count, what }) => `${countText(count)} ${what}`).join(', ');
}
