import { describe, expect, it } from 'vitest';
import { pfn } from '../../image/pfn.ts';
import { savePage } from '../../kernels/devices/callback-effects.ts';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { resetDevices } from '../../kernels/devices/set-up-devices.ts';
import { poisonContent } from '../../kernels/memory/contents.ts';
import { item } from '../../kernels/shape.ts';
import type { SmallBox } from '../kit/small-box.ts';
import { deviceOf, downward, indexOf, runningBox, takeOver, upward, walk } from './device-story.ts';

const copyOf = (small: SmallBox) => structuredClone(small.machine());

describe.each([
  ['bare', 'quiet'],
  ['immer', 'quiet'],
  ['bare', 'powered-down'],
  ['immer', 'powered-down'],
] as const)('with %s recipes and devices %s between the kernels', (recipes, devicesBetween) => {
  const box = (): SmallBox => runningBox({ recipes, plan: { devicesBetween } });

  it.each(deviceTypes.map((type) => type.role))(
    'freeze and restore give back the very registers of the %s',
    (role) => {
      const small = box();
      const before = copyOf(small).devices[indexOf(small, role)];
      walk(small, 'original', downward);
      expect(deviceOf(small, role)).toMatchObject({ dma: false, interrupts: false });
      walk(small, 'original', upward);
      expect(deviceOf(small, role)).toEqual(before);
    },
  );

  it('all records of the devices are the same after B had set up its own and gave them back', () => {
    const small = box();
    const before = copyOf(small);
    walk(small, 'original', downward);
    takeOver(small, 'dump');
    expect(deviceOf(small, 'disk')).toMatchObject({ setUpBy: 'dump', power: 'on', dma: true });
    walk(small, 'dump', downward);
    small.run(({ own }) => own('original'));
    walk(small, 'original', upward);
    expect(small.machine()).toEqual(before);
  });

  it('B leaves what it does not drive as it finds it', () => {
    const small = box();
    walk(small, 'original', downward);
    const before = { ...deviceOf(small, 'network-card') };
    takeOver(small, 'dump');
    walk(small, 'dump', downward);
    walk(small, 'dump', upward);
    expect(deviceOf(small, 'network-card')).toEqual(before);
    expect(
      small.notes.filter((note) => note.type === 'registers.saved' && note.kernel === 'dump'),
    ).toHaveLength(3);
  });
});

it('both kernels may save into the same frames when the jump swaps them', () => {
  const small = runningBox({ plan: { load: 'on-demand' } });
  const { original, dump } = small.plan.layout;
  expect(dump.deviceSaves.start).toBe(original.deviceSaves.start);
  const before = copyOf(small);
  walk(small, 'original', downward);
  const savedByA = small.memory();
  small.run(({ memory }) => memory.fill(dump.deviceSaves.start, dump.deviceSaves.count, poisonContent));
  takeOver(small, 'dump');
  walk(small, 'dump', downward);
  small.run(({ memory, own }) => {
    const { start, count } = original.deviceSaves;
    for (let frame = start; frame < start + count; frame = pfn(frame + 1))
      memory.write(frame, savedByA.get(frame));
    own('original');
  });
  walk(small, 'original', upward);
  expect(small.machine()).toEqual(before);
});

describe('powered down', () => {
  it('a device loses its registers, and the battery-backed clock does not', () => {
    const small = runningBox({ plan: { devicesBetween: 'powered-down' } });
    const clockBefore = deviceOf(small, 'timer').registers;
    walk(small, 'original', downward);
    expect(deviceOf(small, 'gpu')).toMatchObject({ power: 'off', setUpBy: 'nobody' });
    expect(deviceOf(small, 'timer')).toMatchObject({
      power: 'off',
      setUpBy: 'original',
      registers: clockBefore,
    });
  });

  it('even a card that was told to run on stops', () => {
    const small = runningBox({ plan: { devicesBetween: 'powered-down' } });
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'network-card')).keepsDma = true;
    });
    walk(small, 'original', ['freeze']);
    expect(deviceOf(small, 'network-card').dma).toBe(true);
    walk(small, 'original', ['freezeNoirq']);
    expect(deviceOf(small, 'network-card').dma).toBe(false);
  });

  it('a device whose power does not come back takes no registers', () => {
    const small = runningBox({ plan: { devicesBetween: 'powered-down' } });
    walk(small, 'original', downward);
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'gpu')).fails = 'restoreNoirq';
    });
    walk(small, 'original', upward);
    expect(deviceOf(small, 'gpu')).toMatchObject({ power: 'off', setUpBy: 'nobody' });
  });
});

describe('the save page', () => {
  it('holds the register file in the memory of the kernel that froze the device', () => {
    const small = runningBox();
    const device = indexOf(small, 'network-card');
    walk(small, 'original', ['freeze']);
    small.run((box) => {
      expect(box.memory.read(savePage(box, { kernel: 'original', device }))).toBe(
        deviceOf(small, 'network-card').registers,
      );
      expect(box.memory.read(savePage(box, { kernel: 'dump', device }))).toBe(poisonContent);
    });
    expect(small.notes).toContainEqual({ type: 'registers.saved', kernel: 'original', device });
  });

  it('is what restore reads: a device whose page was overwritten is set up by nobody', () => {
    const small = runningBox();
    walk(small, 'original', downward);
    const device = indexOf(small, 'disk');
    small.run((box) => box.memory.write(savePage(box, { kernel: 'original', device }), poisonContent));
    walk(small, 'original', upward);
    expect(deviceOf(small, 'disk')).toMatchObject({
      setUpBy: 'nobody',
      dma: false,
      registers: poisonContent,
    });
  });

  it('of another device sets up nothing', () => {
    const small = runningBox();
    walk(small, 'original', downward);
    small.run((box) => {
      const [first, second] = [indexOf(small, 'disk'), indexOf(small, 'network-card')];
      const foreign = box.memory.read(savePage(box, { kernel: 'original', device: second }));
      box.memory.write(savePage(box, { kernel: 'original', device: first }), foreign);
    });
    walk(small, 'original', upward);
    expect(deviceOf(small, 'disk')).toMatchObject({ setUpBy: 'nobody', dma: false });
  });
});

it('undoing a noirq freeze gives power and interrupts back and leaves the DMA to restore', () => {
  const small = runningBox();
  walk(small, 'original', ['freeze', 'freezeLate', 'freezeNoirq', 'thawNoirq', 'thawEarly']);
  expect(deviceOf(small, 'network-card')).toMatchObject({ power: 'on', interrupts: true, dma: false });
  walk(small, 'original', ['restore', 'complete']);
  expect(deviceOf(small, 'network-card').dma).toBe(true);
});

it('firmware has every device after a reset', () => {
  const small = runningBox();
  small.run((box) => resetDevices(box));
  for (const device of small.machine().devices) {
    expect(device).toMatchObject({ setUpBy: 'firmware', power: 'on', dma: false, interrupts: false });
  }
});
