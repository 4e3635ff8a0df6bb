/** When A works again, every device is as A's drivers had set it up. */
import { deviceTypeOf } from '../../kernels/devices/index.ts';
import { registersFor } from '../../kernels/devices/register-file.ts';
import type { DeviceRecord } from '../../kernels/machine.ts';
import { item } from '../../kernels/shape.ts';
import type { Rules } from '../system/world.ts';
import { isOriginalSettled } from './kernel-facts.ts';
import type { Law } from './law.ts';

export const devicesComeBack: Law = {
  name: 'devices-come-back',
  says: 'Once A works undisturbed, every device is on, set up by A, and has the registers of A',
  verifies: 'power, registers with framebuffer, interrupts and bus mastering of all devices at the end',
  leavesOut: 'what a driver keeps besides registers; devices while something is still under way',
  source:
    "linux.md A1.9 rows 13 and 14, A1.13: B used the devices, and A's RESTORE callbacks set them up again",
  atEnd: ({ rules, world }) => {
    if (!isOriginalSettled(world)) return [];
    return world.machine.devices.flatMap((device, index) =>
      problems(rules, device, index).map((text) => ({ text: `${item(rules.plan.devices, index)} ${text}` })),
    );
  },
};

function problems({ plan, contents }: Rules, device: DeviceRecord, index: number): readonly string[] {
  const type = deviceTypeOf(item(plan.devices, index));
  const { power, setUpBy, registers, interrupts, dma } = device;
  const areRegistersOfA = registers === registersFor(contents, type, 'original');
  return [
    ...(power === 'on' ? [] : [`is ${power}`]),
    ...(setUpBy === 'original' ? [] : [`is set up by ${setUpBy}`]),
    ...(setUpBy === 'original' && !areRegistersOfA ? ['has other registers than A gave it'] : []),
    ...(interrupts ? [] : ['raises no interrupts']),
    ...(dma === type.dma ? [] : [dma ? 'masters the bus' : 'does not master the bus']),
  ];
}
