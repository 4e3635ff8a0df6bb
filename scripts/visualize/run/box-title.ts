/** Which box and which run a picture shows, in a line. */
import type { Plan } from '../../../kernels/plan.ts';
import { bytesText, countedText } from '../../report/quantity-text.ts';

export function boxTitle(plan: Plan): string {
  const { cpuCount, deviceCount } = plan.size;
  const faults = plan.faults.map(({ name, where }) => (where === undefined ? name : `${name}@${where}`));
  return [
    `${plan.path} ${plan.variant}`,
    ...(plan.layout.region.count > 0 ? ['reserved region'] : []),
    ...(plan.load === 'on-demand' ? ['loaded on demand'] : []),
    bytesText(plan.ramBytes),
    countedText(cpuCount, 'CPU'),
    countedText(deviceCount, 'device'),
    `workload ${plan.workload}`,
    `seed ${plan.seed}`,
    ...faults.map((fault) => `fault ${fault}`),
    ...(plan.quirks.length > 0 ? [countedText(plan.quirks.length, 'quirk')] : []),
  ].join(', ');
}
