/** A command as it stands in a record, `device.call original 3 freeze`, with the device by its name: `device.call original gpu freeze`. */
import type { Plan } from '../../kernels/plan.ts';

export function commandText({ devices }: Plan, text: string): string {
  const [type, kernel, device, ...rest] = text.split(' ');
  if (type !== 'device.call') return text;
  return [type, kernel, devices[Number(device)] ?? device, ...rest].join(' ');
}
