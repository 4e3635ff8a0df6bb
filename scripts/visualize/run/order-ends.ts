/**
 * Where orders go in the picture: to memory and disk when their point is what stands there, or to the devices. All others are drawn
 * at the one who gives them. A choice of ours: every order is carried out by the hardware.
 */
import type { CommandType } from '../../../kernels/commands.ts';

export type OrderEnd = 'self' | 'devices' | 'disk' | 'memory';

const ends: { readonly [Type in CommandType]?: OrderEnd } = {
  'firmware.load': 'disk',
  'kernel.start': 'memory',
  'kernel.probe': 'devices',
  'userSpace.sync': 'disk',
  'kexec.load': 'memory',
  'processor.save': 'memory',
  'processor.restore': 'memory',
  'crash.save': 'memory',
  'purgatory.verify': 'memory',
  'vmcore.open': 'memory',
  'image.write': 'disk',
  'image.flush': 'disk',
  'image.commit': 'disk',
};

export const endOfOrder = (type: CommandType): OrderEnd => ends[type] ?? 'self';
