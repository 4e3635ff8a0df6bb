import type { Fault } from './fault.ts';

export const diskFails: Fault = {
  name: 'disk-fails',
  about: 'the disk answers the next request with an input/output error',
  source: 'ours: a medium error; the caller is told -EIO',
  places: () => ['userSpace.sync', 'image.write', 'image.flush', 'image.commit'],
  strike: ({ machine }) => {
    machine.disk.fails = true;
  },
};
