/** Tables of the paths and loads that share most of their way with the jump back (fault-ends.ts). */
import { describe } from 'vitest';
import { itEndsAsTheTableSays, smallest } from './fault-ends.ts';

// What a load on demand has to do with these is not more than a reserved one has.
describe('kexec-jump on demand', () =>
  itEndsAsTheTableSays({
    name: 'kexec-jump-on-demand',
    options: { ...smallest, load: 'on-demand' },
    leftOut: ['panic', 'power-cut', 'device-hangs', 'device-late'],
  }));

describe('kdump', () => itEndsAsTheTableSays({ name: 'kdump', options: { ...smallest, path: 'kdump' } }));

// Here B comes back too; what a single jump reaches as well is left out.
describe('kexec-jump rounds', () =>
  itEndsAsTheTableSays({
    name: 'kexec-jump-rounds',
    options: { ...smallest, variant: 'rounds', rounds: 2 },
    unlike: smallest,
  }));

// A reserved B of 128 MiB is too much to be loaded as pages into 256 MiB (linux.md A1.2).
describe('kexec-jump kept-b', () =>
  itEndsAsTheTableSays({
    name: 'kexec-jump-kept-b',
    options: { ...smallest, ramBytes: 2 ** 29, variant: 'kept-b', rounds: 2, load: 'reserved' },
    unlike: { ...smallest, load: 'reserved' },
  }));
