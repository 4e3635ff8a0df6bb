/** The box that all columns have in common, in a line. */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { bytesText, countedText } from '../report/quantity-text.ts';

export function boxTitle({
  ramBytes,
  cpus,
  devices,
  workload,
  tasks,
  seed,
  faults,
  quirks,
  kernel,
  tools,
}: BoxOptions): string {
  return [
    `On the same box: ${bytesText(ramBytes)}`,
    countedText(cpus, 'CPU'),
    devices === undefined ? 'all devices' : countedText(devices.length, 'device'),
    `${workload} on ${countedText(tasks, 'task')}`,
    `seed ${seed}`,
    ...faults.map(({ name, where }) => `fault ${name}${where === undefined ? '' : `@${where}`}`),
    ...(kernel === 'corrected' ? [] : [`kernel ${kernel}`]),
    ...(tools === 'corrected' ? [] : [`tools ${tools}`]),
    ...quirks.map((quirk) => `quirk ${quirk}`),
  ].join(', ');
}
