/** The box that all columns have in common, in a line. */
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { boxOptionsOf } from '../cli/box-options.ts';
import { bytesText, countedText } from '../report/quantity-text.ts';

export function boxTitle(options: BoxOptions): string {
  // Columns say their path and variant themselves.
  const { path: _path, variant: _variant, ramBytes, cpus, devices, ...told } = options;
  const { workload, tasks, seed, faults, quirks, ...rest } = told;
  return [
    `On the same box: ${bytesText(ramBytes)}`,
    countedText(cpus, 'CPU'),
    devices === undefined ? 'all devices' : countedText(devices.length, 'device'),
    `${workload} on ${countedText(tasks, 'task')}`,
    `seed ${seed}`,
    ...faults.map(({ name, where }) => `fault ${name}${where === undefined ? '' : `@${where}`}`),
    ...quirks.map((quirk) => `quirk ${quirk}`),
    ...otherThanUsual(rest),
  ].join(', ');
}

/** Options of any other kind, when they are not as always: `freezer off`. */
function otherThanUsual(options: Partial<BoxOptions>): readonly string[] {
  const usual = Object.entries(boxOptionsOf({}));
  return Object.entries(options)
    .filter(([key, value]) => !usual.some(([name, other]) => name === key && other === value))
    .map(([key, value]) => {
      const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return `${words} ${value === true ? 'on' : value === false ? 'off' : value}`;
    });
}
