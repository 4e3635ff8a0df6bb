import { variantOf } from '../paths/variant-of.ts';
import type { Fault } from './fault.ts';

export const diskFails: Fault = {
  name: 'disk-fails',
  about: 'the disk answers the next request with an input/output error',
  source: 'ours: a medium error; the caller is told -EIO',
  // The second flush is the one behind the commit: B takes the commit back.
  places: (plan) => [
    'userSpace.sync',
    'image.write',
    'image.flush',
    'image.commit',
    'image.flush#2',
    'kept.save',
    ...(variantOf(plan).goesOff ? ['image.check', 'image.load', 'image.consume'] : []),
  ],
  strike: ({ machine }) => {
    machine.disk.fails = true;
  },
};
