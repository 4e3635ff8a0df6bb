/**
 * The figures of runs as rows of a table: one line a row, and a new figure is one line here. A row that no column has anything in is not
 * shown.
 */
import type { KernelName } from '../../kernels/machine.ts';
import { bytesText, countText, durationText } from '../report/quantity-text.ts';
import { executorTitle } from '../visualize/run/lifelines.ts';
import type { Figures, Handover } from './figures.ts';
import type { Round } from './rounds-of-run.ts';

export type FigureRow = {
  readonly name: string;
  /** Undefined: it has none. */
  readonly text: (figures: Figures) => string | undefined;
};

const yesOrNo = (fact: boolean): string => (fact ? 'yes' : 'no');

const atHandover =
  (text: (handover: Handover) => string) =>
  ({ handover }: Figures): string =>
    handover === null ? 'B never runs' : text(handover);

/** The first round of a run, and the last of one that goes round. */
const inFirst =
  (text: (round: Round) => string) =>
  ({ rounds: [first] }: Figures): string | undefined =>
    first && text(first);
const inLast =
  (text: (round: Round) => string) =>
  ({ rounds }: Figures): string | undefined => {
    const last = rounds.length > 1 ? rounds.at(-1) : undefined;
    return last && text(last);
  };

const timeText = (ns: number | null): string => (ns === null ? 'never' : durationText(ns));

/** `2 (B C)` */
const bootsText = (kernels: readonly KernelName[]): string =>
  kernels.length === 0
    ? '0'
    : `${kernels.length} (${kernels.map((kernel) => executorTitle[kernel]).join(' ')})`;

const bootOf =
  (kernel: KernelName) =>
  ({ boots }: Figures): string | undefined => {
    const boot = boots.find((each) => each.kernel === kernel);
    return boot && timeText(boot.ns);
  };

/** To the KiB, so that what differs is seen to differ. */
const kibText = (bytes: number): string => `${countText(bytes / 1024)} KiB`;
const some = (count: number, text: (count: number) => string): string | undefined =>
  count === 0 ? undefined : text(count);

/** Names are too long for a cell. */
export const brokenLawLines = (
  figures: Readonly<Record<string, Figures>>,
  headingOf: (name: string) => string = (name) => name,
): readonly string[] =>
  Object.entries(figures)
    .filter(([, { lawsBroken }]) => lawsBroken.length > 0)
    .map(([name, { lawsBroken }]) => `${headingOf(name)} breaks ${lawsBroken.join(', ')}`);

export const figureRows: readonly FigureRow[] = [
  { name: 'verdict', text: ({ verdict }) => verdict },
  { name: 'is what the path is taken for', text: ({ reachesGoal }) => yesOrNo(reachesGoal) },
  {
    name: 'laws broken',
    text: ({ lawsBroken }) => (lawsBroken.length === 0 ? 'none' : countText(lawsBroken.length)),
  },
  { name: 'steps', text: ({ steps }) => countText(steps) },
  { name: 'from power-on to the verdict', text: ({ totalNs }) => durationText(totalNs) },
  { name: 'without power in between', text: ({ offNs }) => some(offNs, durationText) },
  {
    name: 'tasks of A stand still, power on',
    text: ({ standstillNs, offNs }) => durationText(standstillNs - offNs),
  },
  { name: 'rounds that A leaves for', text: ({ rounds }) => countText(rounds.length) },
  { name: 'time to safe', text: inFirst(({ safeNs }) => timeText(safeNs)) },
  { name: 'time to back, power on', text: inFirst(({ backNs }) => timeText(backNs)) },
  { name: 'kernel boots to safe', text: inFirst(({ bootsToSafe }) => bootsText(bootsToSafe)) },
  { name: 'kernel boots to back', text: inFirst(({ bootsToBack }) => bootsText(bootsToBack)) },
  { name: 'last round: time to safe', text: inLast(({ safeNs }) => timeText(safeNs)) },
  { name: 'last round: time to back', text: inLast(({ backNs }) => timeText(backNs)) },
  { name: 'last round: boots to safe', text: inLast(({ bootsToSafe }) => bootsText(bootsToSafe)) },
  { name: 'last round: boots to back', text: inLast(({ bootsToBack }) => bootsText(bootsToBack)) },
  { name: 'a boot of A', text: bootOf('original') },
  { name: 'a boot of B, purgatory too', text: bootOf('dump') },
  { name: 'a boot of C', text: bootOf('restore') },
  {
    name: 'firmware before a boot',
    text: ({ boots }) => some(Math.max(0, ...boots.map(({ firmwareNs }) => firmwareNs)), durationText),
  },
  { name: 'memory withheld from A', text: ({ reservedBytes }) => bytesText(reservedBytes) },
  { name: 'memory of A taken for backup', text: ({ backupBytes }) => bytesText(backupBytes) },
  { name: 'pages swapped by jumps', text: ({ swappedPages }) => countText(swappedPages) },
  { name: 'blocks in the image', text: ({ imageBlocks }) => countText(imageBlocks) },
  { name: 'written to the disk by B', text: ({ writtenByDumpBytes }) => kibText(writtenByDumpBytes) },
  { name: 'read back into A by C', text: ({ readBackBytes }) => some(readBackBytes, kibText) },
  { name: 'kept of B on the disk', text: ({ keptBytes }) => some(keptBytes, kibText) },
  { name: 'device callbacks', text: ({ deviceCallbackCount }) => countText(deviceCallbackCount) },
  {
    name: 'devices quiet when B starts',
    text: atHandover(({ devicesQuiet, devices }) => `${devicesQuiet} of ${devices}`),
  },
  {
    name: 'of them powered down',
    text: atHandover(({ devicesPoweredDown }) => String(devicesPoweredDown)),
  },
  { name: 'tasks frozen by then', text: atHandover(({ tasksFrozen }) => String(tasksFrozen)) },
  { name: 'CPUs unplugged by then', text: atHandover(({ cpusUnplugged }) => String(cpusUnplugged)) },
  { name: 'CPUs stopped by NMI by then', text: atHandover(({ cpusStopped }) => String(cpusStopped)) },
  { name: 'kernel A goes on', text: ({ survives }) => yesOrNo(survives.kernel) },
  {
    name: 'memory of A as it was',
    text: ({ survives }) => (survives.memory === null ? 'never left' : yesOrNo(survives.memory)),
  },
  { name: 'tasks that go on', text: ({ survives }) => `${survives.tasks} of ${survives.tasksOf}` },
  { name: 'units of their work lost', text: ({ survives }) => countText(survives.workLost) },
  { name: 'memory of tasks lost', text: ({ survives }) => bytesText(survives.heapLostBytes) },
  { name: 'packets dropped', text: ({ survives }) => countText(survives.packetsDropped) },
  { name: 'file system stays mounted', text: ({ survives }) => yesOrNo(survives.mount) },
  { name: 'log of A', text: ({ survives }) => survives.log },
];
