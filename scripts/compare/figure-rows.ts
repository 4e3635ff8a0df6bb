/** The figures of runs as rows of a table: one line a row, and a new figure is one line here. */
import { bytesText, countText, durationText } from '../report/quantity-text.ts';
import type { Figures, Handover } from './figures.ts';

export type FigureRow = { readonly name: string; readonly text: (figures: Figures) => string };

const yesOrNo = (fact: boolean): string => (fact ? 'yes' : 'no');

const atHandover =
  (text: (handover: Handover) => string) =>
  ({ handover }: Figures): string =>
    handover === null ? 'B never runs' : text(handover);

export const figureRows: readonly FigureRow[] = [
  { name: 'verdict', text: ({ verdict }) => verdict },
  { name: 'is what the path is taken for', text: ({ reachesGoal }) => yesOrNo(reachesGoal) },
  {
    name: 'laws broken',
    text: ({ lawsBroken }) => (lawsBroken.length === 0 ? 'none' : lawsBroken.join(', ')),
  },
  { name: 'steps', text: ({ steps }) => countText(steps) },
  { name: 'from power-on to the verdict', text: ({ totalNs }) => durationText(totalNs) },
  { name: 'tasks of A stand still', text: ({ standstillNs }) => durationText(standstillNs) },
  { name: 'memory withheld from A', text: ({ reservedBytes }) => bytesText(reservedBytes) },
  { name: 'memory of A taken for backup', text: ({ backupBytes }) => bytesText(backupBytes) },
  { name: 'blocks in the image', text: ({ imageBlocks }) => countText(imageBlocks) },
  {
    name: 'written to the disk by B',
    // To the KiB, so that what differs is seen to differ.
    text: ({ writtenByDumpBytes }) => `${countText(writtenByDumpBytes / 1024)} KiB`,
  },
  { name: 'device callbacks', text: ({ deviceCallbackCount }) => countText(deviceCallbackCount) },
  {
    name: 'devices quiet when B starts',
    text: atHandover(({ devicesQuiet, devices }) => `${devicesQuiet} of ${devices}`),
  },
  { name: 'CPUs unplugged by then', text: atHandover(({ cpusUnplugged }) => String(cpusUnplugged)) },
  { name: 'CPUs stopped by NMI by then', text: atHandover(({ cpusStopped }) => String(cpusStopped)) },
  { name: 'kernel A goes on', text: ({ survives }) => yesOrNo(survives.kernel) },
  {
    name: 'memory of A as it was',
    text: ({ survives }) => (survives.memory === null ? 'never left' : yesOrNo(survives.memory)),
  },
  { name: 'tasks that go on', text: ({ survives }) => `${survives.tasks} of ${survives.tasksOf}` },
  { name: 'file system stays mounted', text: ({ survives }) => yesOrNo(survives.mount) },
  { name: 'log of A', text: ({ survives }) => survives.log },
];
