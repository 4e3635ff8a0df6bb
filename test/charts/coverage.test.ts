/**
 * Every edge of every chart is taken: by the paths, and by every fault at every place where the disk stands for all devices.
 * What nothing in the box can bring about is excused here, by name and with the reason.
 */
import { describe, expect, it } from 'vitest';
import { charts } from '../../machines/charts.ts';
import { faults } from '../../machines/faults/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { tell } from '../kit/story.ts';
import { edgesOf, watchEdges } from './edge-recorder.ts';

type Options = Partial<BoxOptions>;

/** The smallest box with two processors, a device that B drives and one that it does not. */
const small: Options = { ramBytes: 2 ** 28, cpus: 2, devices: ['disk', 'network-card'], tasks: 1, work: 4 };

const excused: readonly { readonly edge: RegExp; readonly why: string; readonly chart?: string }[] = [
  { edge: /^\w+\.kexec\.checkingImage: always #1$/, why: 'operators load before they jump' },
  { edge: /^device\.completing: callback\.failed/, why: 'complete() returns nothing that could be an error' },
  {
    edge: /^(dump|restore)\.kexec\.takingCpusDown\.(deciding: always #0|asking|isDown|failed|aborted)/,
    why: 'B and C have one processor',
  },
  {
    edge: /^(dump|restore)\.kexec\.bringingCpusBack\.(choosing: always #0|enabling|deciding|asking|isUp|failed)/,
    why: 'B and C have one processor',
  },
  {
    edge: /^(dump|restore)\.kexec\.freezingTasks: (tasks\.aborted|after)/,
    why: 'B and C have no tasks to refuse or to be woken',
  },
  { edge: /^(dump|restore)\.kexec\.freezer/, why: 'B and C have no tasks to refuse or to be woken' },
  {
    edge: /^(dump|restore)\.panicking\.(reporting: always #0|stoppingCpus|savingNotes)/,
    why: 'B and C load no crash kernel',
  },
  { edge: /^(dump|restore)\.panicking\.stoppingForGood: after/, why: 'B and C have one processor' },
  {
    edge: /^dump\.saving\.withdrawing: image\.failed/,
    why: 'a disk that fails does so once',
  },
  {
    edge: /^restore\.loadingImage\.loadingDump: kexec\.loaded/,
    why: "A's memory is always more than half of what C has",
  },
  {
    edge: /^restore\.kexec\.(leaving|arriving|toolMisreported)|^restore\.jumpReturned/,
    why: 'no operator enters C again',
  },
  { chart: 'restore', edge: /^reporting: always #[12]/, why: 'no operator enters C again' },
  {
    edge: /^((kexec-jump(-[\w-]+)?|kdump|none)\.(switchingOn|loading|loadingKept|keeping|restarting|restartingWithout)|plain-kexec\.(switchingOn|loading)): after watchdog/,
    why: 'no fault makes a boot or a load hang',
  },
  {
    edge: /^(kexec-jump(-[\w-]+)?|kdump|plain-kexec|none)\.(loading|loadingKept|keeping|working|pausing|settling|workingOn): original\.up/,
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
      const step = all.length > 40 ? Math.floor(all.length / few) : 1;
      return all
        .filter((_place, index) => index % step === 0)
        .map((place) => ({ ...path, ...faultAt(`${name}@${place}`) }));
    });
}

const allFaults = faults.map(({ name }) => name).filter((name) => name !== 'device-late');
const crashFaults = ['panic', 'power-cut', 'disk-fails', 'image-damaged', 'cpu-ignores-nmi', 'kexec-busy'];

const strikesIn =
  (pattern: RegExp) =>
  ({ faults: planned = [] }: Options): boolean =>
    planned.some(({ where = '' }) => pattern.test(where));
/** What comes before is the same as in jump-back. */
const isOfRestore = strikesIn(/^restore\/|^image\.(check|load|consume)|#2$|bootNext|powerOff/);
const isOfKept = strikesIn(/kept|kexec\.load/);

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
  { variant: 'kept-b', ramBytes: 2 ** 29 },
  { variant: 'kept-b', load: 'on-demand', rounds: 3 },
  { variant: 'kept-b', load: 'on-demand', rounds: 1 },
  { variant: 'kept-b', load: 'on-demand', ...faultAt('image-rots@kexec.load:kept-header') },
  { variant: 'try-again', attempts: 1, ...faultAt('device-fails@freeze:disk') },
  { variant: 'hibernate', kernel: '6.12' },
  { variant: 'hibernate', ...faultAt('panic@dump/machine.powerOff') },
  { variant: 'hibernate', ...faultAt('power-cut@dump/machine.powerOff') },
  { variant: 'hibernate', ...faultAt('power-cut@dump/machine.powerOff', 'image-rots@image.check:data') },
  { variant: 'hibernate', freezer: false },
  ...everyFault({ variant: 'hibernate' }, allFaults).filter(isOfRestore),
  ...everyFault({ variant: 'kept-b', load: 'on-demand' }, ['disk-fails', 'image-rots', 'power-cut']).filter(
    isOfKept,
  ),
  { variant: 'hibernate', freezer: false, ...faultAt('syscore-fails@restore/syscore.suspend') },
  { variant: 'hibernate', quirks: ['leaves-devices-frozen'], ...faultAt('device-fails@restore/freeze:disk') },
  { variant: 'hibernate', devices: ['disk', 'console'], ...faultAt('device-fails@restore/freezeNoirq:disk') },
  {
    variant: 'hibernate',
    devices: ['disk', 'console'],
    ...faultAt('device-fails@restore/freezeNoirq:disk', 'device-fails@restore/thawNoirq:console'),
  },
  {
    variant: 'hibernate',
    ...faultAt('device-fails@restore/freezeNoirq:disk', 'device-fails@restore/thawEarly:disk'),
  },
  ...['restoreNoirq', 'restoreEarly', 'restore'].map((callback) => ({
    variant: 'hibernate',
    ...faultAt('syscore-fails@restore/syscore.suspend', `device-fails@restore/${callback}:disk`),
  })),
  {
    variant: 'hibernate',
    ...faultAt('syscore-fails@restore/syscore.suspend', 'device-hangs@restore/restore:disk'),
  },
  ...everyFault({ path: 'kdump' }, crashFaults),
  { path: 'plain-kexec' },
  { path: 'plain-kexec', ...faultAt('power-cut@dump/kernel.probe') },
  ...everyFault({ path: 'plain-kexec' }, ['device-hangs', 'power-cut', 'kexec-busy', 'cpu-ignores-nmi']),
  ...undoing,
];

/** Variants share the states of jump-back-states.ts: an edge of one is taken when the same edge of jump-back is. */
const sharedEdge = (edge: string): string => edge.replace(/^kexec-jump-[\w-]+\./, 'kexec-jump.');

describe('every edge of every chart', () => {
  const taken = new Map(Object.entries(charts).map(([name, machine]) => [name, watchEdges(machine)]));
  for (const { faults: planned = [], ...options } of scenarios)
    tell(
      { ...small, ...options },
      ...planned.map(({ name, where }) => (where === undefined ? name : `${name}@${where}`)),
    );

  it.each(Object.entries(charts))('of %s is taken by a run, or excused by name', (name, machine) => {
    const isTaken = (edge: string): boolean =>
      taken.get(name)?.has(edge) === true || taken.get('kexec-jump')?.has(sharedEdge(edge)) === true;
    const missing = edgesOf(machine).filter((edge) => !isTaken(edge));
    expect(
      missing.filter(
        (edge) => !excused.some((each) => (each.chart ?? name) === name && each.edge.test(edge)),
      ),
    ).toEqual([]);
  });

  it('excuses nothing that is taken', () => {
    const idle = excused.filter(({ edge, chart }) =>
      [...taken].some(
        ([name, edges]) => (chart ?? name) === name && [...edges].some((each) => edge.test(each)),
      ),
    );
    expect(idle).toEqual([]);
  });
});
