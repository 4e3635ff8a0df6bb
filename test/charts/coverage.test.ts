/**
 * Every edge of every chart is taken: by the paths, and by every fault at every place where the disk stands for all devices.
 * What nothing in the box can bring about is excused here, by name and with the reason.
 */
import { describe, expect, it } from 'vitest';
import { charts } from '../../machines/charts.ts';
import { faults } from '../../machines/faults/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History, runToEnd } from '../../machines/system/history.ts';
import { edgesOf, watchEdges } from './edge-recorder.ts';

type Options = Partial<BoxOptions>;

/** The smallest box with two processors, a device that B drives and one that it does not. */
const small: Options = { ramBytes: 2 ** 28, cpus: 2, devices: ['disk', 'network-card'], tasks: 1, work: 4 };

const excused: readonly { readonly edge: RegExp; readonly why: string }[] = [
  { edge: /^\w+\.kexec\.checkingImage: always #1$/, why: 'operators load before they jump' },
  { edge: /^device\.completing: callback\.failed/, why: 'complete() returns nothing that could be an error' },
  {
    edge: /^dump\.kexec\.takingCpusDown\.(deciding: always #0|asking|isDown|failed|aborted)/,
    why: 'B has one processor',
  },
  {
    edge: /^dump\.kexec\.bringingCpusBack\.(choosing: always #0|enabling|deciding|asking|isUp|failed)/,
    why: 'B has one processor',
  },
  {
    edge: /^dump\.kexec\.freezingTasks: (tasks\.aborted|after)/,
    why: 'B has no tasks to refuse or to be woken',
  },
  { edge: /^dump\.kexec\.freezer/, why: 'B has no tasks to refuse or to be woken' },
  {
    edge: /^dump\.panicking\.(reporting: always #0|stoppingCpus|savingNotes)/,
    why: 'B loads no crash kernel',
  },
  { edge: /^dump\.panicking\.stoppingForGood: after/, why: 'B has one processor' },
  {
    edge: /^dump\.saving\.flushingCommit: image\.failed/,
    why: 'a disk that fails at a flush fails at the first',
  },
  {
    edge: /^(kexec-jump|kdump|none)\.(switchingOn|loading|restarting|restartingWithout): after watchdog/,
    why: 'no fault makes a boot or a load hang',
  },
  {
    edge: /^(kexec-jump|kdump|none)\.(loading|working|settling|workingOn): original\.up/,
    why: 'faults strike at commands, and A gives none while it works',
  },
];

const faultAt = (...places: string[]): Options => ({
  faults: places.map((place) => {
    const [name = '', where] = place.split('@');
    return where === undefined ? { name } : { name, where };
  }),
});

/** Of the faults that can strike nearly everywhere, a few places are enough: the edge is the same. */
const few = 6;

/** The disk stands for the other devices: B drives it, and so does A. A late device takes the edges of one that hangs. */
function everyFault(path: Options, names: readonly string[]): Options[] {
  const plan = planOf({ ...small, ...path });
  return faults
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, places }) => {
      const all = places(plan).filter((place) => !place.includes(':') || /:(disk|1)$/.test(place));
      const step = all.length > 24 ? Math.floor(all.length / few) : 1;
      return all
        .filter((_place, index) => index % step === 0)
        .map((place) => ({ ...path, ...faultAt(`${name}@${place}`) }));
    });
}

const allFaults = faults.map(({ name }) => name).filter((name) => name !== 'device-late');
const crashFaults = ['panic', 'power-cut', 'disk-fails', 'image-damaged', 'cpu-ignores-nmi', 'kexec-busy'];

const undoing = ['thawNoirq', 'thawEarly'].flatMap((callback) => [
  faultAt('device-fails@freezeNoirq:disk', `device-fails@${callback}:network-card`),
  faultAt('device-fails@dump/freezeNoirq:disk', `device-fails@dump/${callback}:disk`),
]);

const scenarios: readonly Options[] = [
  {},
  { cpus: 4 },
  { path: 'none' },
  { freezer: false },
  { load: 'on-demand', tools: 'shipped' },
  { load: 'on-demand', quirks: ['fails-after-success'] },
  { quirks: ['leaves-devices-frozen'], ...faultAt('device-fails@freeze:disk') },
  { variant: 'try-again', ...faultAt('device-fails@freeze:disk') },
  { variant: 'try-again', quirks: ['leaves-devices-frozen'], ...faultAt('device-fails@freeze:disk') },
  { quirks: ['leaves-devices-frozen'], ...faultAt('device-fails@dump/freeze:disk') },
  { devices: ['disk', 'console'], ...faultAt('device-fails@dump/freezeNoirq:disk') },
  {
    devices: ['disk', 'console'],
    ...faultAt('device-fails@dump/freezeNoirq:disk', 'device-fails@dump/thawNoirq:console'),
  },
  faultAt('panic@tasks.freeze', 'cpu-ignores-nmi'),
  { variant: 'rounds' },
  { variant: 'rounds', quirks: ['fails-after-success'] },
  { variant: 'rounds', freezer: false },
  ...['restoreNoirq', 'restoreEarly', 'restore'].flatMap((callback) => [
    { variant: 'rounds', ...faultAt(`device-fails@dump/${callback}:disk`) },
    { variant: 'rounds', ...faultAt(`device-hangs@dump/${callback}:disk`) },
  ]),
  ...everyFault({}, allFaults),
  ...everyFault({ path: 'kdump' }, crashFaults),
  ...undoing,
];

describe('every edge of every chart', () => {
  const taken = new Map(Object.entries(charts).map(([name, machine]) => [name, watchEdges(machine)]));
  for (const scenario of scenarios) {
    const { rules, world } = beginBox(planOf({ ...small, ...scenario }));
    runToEnd(new History(rules, world, inTime), 20_000);
  }

  it.each(Object.entries(charts))('of %s is taken by a run, or excused by name', (name, machine) => {
    const missing = edgesOf(machine).filter((edge) => !taken.get(name)?.has(edge));
    expect(missing.filter((edge) => !excused.some((each) => each.edge.test(edge)))).toEqual([]);
  });

  it('excuses nothing that is taken', () => {
    const all = [...taken.values()].flatMap((edges) => [...edges]);
    const idle = excused.filter(({ edge }) => all.some((name) => edge.test(name)));
    expect(idle).toEqual([]);
  });
});
