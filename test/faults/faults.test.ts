/**
 * The contract of every registered fault: it says what it is, every place it names is one that a plan accepts, and wherever it strikes the
 * run comes to an end that an operator can tell, with no event ignored and no law broken but those that the fault is there to break.
 * The table of all ends stands beside this file.
 */
import { describe, expect, it } from 'vitest';
import type { PlannedFault } from '../../kernels/plan.ts';
import { faults } from '../../machines/faults/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { baseOf, tell } from '../kit/story.ts';

const smallest: Partial<BoxOptions> = {
  ramBytes: 2 ** 28,
  cpus: 2,
  devices: ['disk', 'network-card'],
  tasks: 1,
  work: 16,
};

const paths: readonly (readonly [string, Partial<BoxOptions>, readonly string[]])[] = [
  ['kexec-jump', { ...smallest, load: 'reserved' }, []],
  // What a load on demand has to do with these is not more than a reserved one has.
  [
    'kexec-jump-on-demand',
    { ...smallest, load: 'on-demand' },
    ['panic', 'power-cut', 'device-hangs', 'device-late'],
  ],
  ['kdump', { ...smallest, path: 'kdump' }, []],
  // Here B comes back too; what a single jump reaches as well is left out below.
  ['kexec-jump-rounds', { ...smallest, variant: 'rounds', rounds: 2 }, []],
];

/** Laws that a fault may break, and why. Every other law must hold wherever it strikes. */
const explained: Readonly<Record<string, readonly string[]>> = {
  // A restore callback that fails is only logged; and in B: it runs on, and A stays as it was left, frozen.
  // In a second round B cannot write any more, and the image of the first round stays.
  'device-fails': ['devices-come-back', 'frozen-tasks-thaw', 'abort-leaves-a-running'],
  wakeup: ['frozen-tasks-thaw'],
  'syscore-fails': ['frozen-tasks-thaw'],
  'kexec-load-disabled': ['frozen-tasks-thaw'],
  'kernel-locked-down': ['frozen-tasks-thaw'],
  'kexec-busy': ['frozen-tasks-thaw'],
  // Linux watches two of ten callbacks.
  'device-hangs': ['no-wait-without-a-way-out'],
  'device-runs-on': ['no-dma-while-quiet', 'image-holds-what-it-should', 'memory-comes-back'],
  'cpu-stays-down': ['processors-come-back'],
  // Nobody notices these: that is what the laws are for. The page that is skipped first has the code that starts processors.
  'swap-skips-page': ['memory-comes-back', 'processors-come-back'],
  'register-forgotten': ['registers-come-back'],
};

describe.each(faults)('$name', ({ name, about, source, places }) => {
  it('says what it is and where that was read', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(about.length).toBeGreaterThan(10);
    expect(source.length).toBeGreaterThan(10);
    expect(faults.filter((fault) => fault.name === name)).toHaveLength(1);
  });

  it('names only places that a plan accepts, each once', () => {
    const named = places(planOf(smallest));
    expect(new Set(named).size).toBe(named.length);
    for (const where of named) expect(() => planOf({ ...smallest, faults: [{ name, where }] })).not.toThrow();
  });

  it('has a place in a box of one processor and one device, or none', () => {
    const named = places(planOf({ ...smallest, cpus: 1, devices: ['disk'] }));
    expect(named.filter((place) => /cpu\.|network/.test(place))).toEqual([]);
  });
});

describe.each(paths)('%s', (path, options, leftOut) => {
  const rows: string[] = [];

  it.each(faults.filter(({ name }) => !leftOut.includes(name)))(
    'comes to an end wherever $name strikes',
    ({ name, places }) => {
      for (const where of places(planOf(options))) {
        const fault = `${name}@${where}`;
        if (!isReached(options, { name, where })) continue;
        if (options.variant === 'rounds' && isReached(smallest, { name, where })) continue;
        const told = tell({ ...options, noConsoleSuspend: false }, fault);
        rows.push(`${fault.padEnd(40)} ${told.verdict ?? 'none'}`);
        expect(told.end, fault).toBe('ended');
        expect(told.world.machine.strikes, fault).toEqual([{ struck: true }]);
        expect(told.verdict, fault).toBeDefined();
        expect(told.ignored, fault).toEqual([]);
        const unexplained = told.broken.filter((law) => !explained[name]?.includes(law));
        expect(unexplained, fault).toEqual([]);
      }
    },
  );

  it('ends as the table says', async () => {
    await expect(`${rows.join('\n')}\n`).toMatchFileSnapshot(`ends/${path}.txt`);
  });
});

describe('a callback of the inner undo', () => {
  const undoing = ['thawNoirq', 'thawEarly'];

  it.each(undoing)('%s that fails is only logged: all are restored, and A works on', (callback) => {
    const told = tell(smallest, 'device-fails@freezeNoirq:disk', `device-fails@${callback}:network-card`);
    expect(told.verdict).toBe('aborted');
    expect(told.console.filter((line) => line.includes('failed to recover'))).toEqual([
      `virtio-pci 0000:00:03.0: PM: failed to recover ${callback === 'thawNoirq' ? 'noirq' : 'early'}: error -16`,
    ]);
    expect(told.ignored).toEqual([]);
  });

  it.each(undoing)('%s that never returns hangs A, without a word', (callback) => {
    const told = tell(smallest, 'device-fails@freezeNoirq:disk', `device-hangs@${callback}:network-card`);
    expect(told.verdict).toBe('hung');
    expect(told.world.machine.strikes).toEqual([{ struck: true }, { struck: true }]);
  });
});

function isReached(options: Partial<BoxOptions>, fault: PlannedFault): boolean {
  return baseOf(options).reached(fault) !== undefined;
}
