import { describe, expect, it } from 'vitest';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { resetDevices } from '../../kernels/devices/set-up-devices.ts';
import { deviceCall } from '../../kernels/executors/device-call.ts';
import { type CallbackName, callbackNames, type KernelName } from '../../kernels/machine.ts';
import { deviceMoves } from '../../kernels/moves/device-moves.ts';
import { item } from '../../kernels/shape.ts';
import { possibleMoves, type SmallBox, settle } from '../kit/small-box.ts';
import { deviceOf, downward, indexOf, runningBox, takeOver, upward, walk } from './device-story.ts';

const call = (small: SmallBox, role: string, callback: CallbackName, kernel: KernelName = 'original'): void =>
  small.run((box) =>
    deviceCall(box, { type: 'device.call', kernel, device: indexOf(small, role), callback }),
  );

const copyOf = (small: SmallBox) => structuredClone(small.machine());

describe('a planned failure', () => {
  const cases = deviceTypes.flatMap((type) =>
    callbackNames.map((callback) => [type.role, callback] as const),
  );

  it.each(cases)('of the %s at %s answers -EBUSY once and changes nothing but the plan', (role, callback) => {
    const small = runningBox();
    const before = copyOf(small);
    const memoryBefore = small.memory();
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, role)).fails = callback;
    });
    call(small, role, callback);
    expect(small.machine()).toEqual(before);
    expect(small.memory().equals(memoryBefore)).toBe(true);
    const device = indexOf(small, role);
    const answer = {
      to: { kernel: 'original', device },
      reply: { type: 'callback.failed', device, errno: -16 },
    };
    expect(small.replies).toEqual([answer]);
    call(small, role, callback);
    settle(small, deviceMoves);
    expect(small.replies.at(-1)?.reply).toEqual({ type: 'callback.done', device });
  });

  it('at restore leaves the device as B had it, and the next round heals it', () => {
    const small = runningBox();
    const before = { ...deviceOf(small, 'disk') };
    walk(small, 'original', downward);
    takeOver(small, 'dump');
    walk(small, 'dump', downward);
    small.run(({ machine, own }) => {
      own('original');
      item(machine.devices, indexOf(small, 'disk')).fails = 'restore';
    });
    walk(small, 'original', upward);
    expect(deviceOf(small, 'disk')).toMatchObject({ setUpBy: 'dump', dma: false });
    walk(small, 'original', downward);
    walk(small, 'original', upward);
    expect(deviceOf(small, 'disk')).toEqual(before);
  });

  it('at the noirq way up leaves the device quiet: it gets its registers and moves nothing', () => {
    const small = runningBox();
    const { registers } = deviceOf(small, 'network-card');
    walk(small, 'original', downward);
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'network-card')).fails = 'restoreNoirq';
    });
    walk(small, 'original', upward);
    expect(deviceOf(small, 'network-card')).toMatchObject({ power: 'quiet', dma: false, registers });
  });

  it('does not strike a kernel that has no driver for the device', () => {
    const small = runningBox();
    takeOver(small, 'dump');
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'gpu')).fails = 'freeze';
    });
    call(small, 'gpu', 'freeze', 'dump');
    expect(small.replies.at(-1)?.reply.type).toBe('callback.done');
    expect(deviceOf(small, 'gpu').fails).toBe('freeze');
  });
});

describe('a wakeup event', () => {
  it.each(callbackNames)('at %s is noticed only where Linux looks for it', (callback) => {
    const small = runningBox();
    small.run(({ machine }) => {
      machine.wakeupPending = true;
    });
    call(small, 'console', callback);
    const expected =
      callback === 'freeze' || callback === 'freezeLate' ? 'callback.aborted' : 'callback.done';
    expect(small.replies.at(-1)?.reply.type).toBe(expected);
  });
});

describe('a slow callback', () => {
  it('keeps the device busy and takes effect when the move completes it', () => {
    const small = runningBox();
    const device = indexOf(small, 'network-card');
    call(small, 'network-card', 'freeze');
    expect(deviceOf(small, 'network-card')).toMatchObject({ busy: 'freeze', busyFor: 'original', dma: true });
    expect(small.replies).toEqual([]);
    const [complete] = possibleMoves(small, deviceMoves).filter(({ rank }) => rank === 'urgent');
    expect(complete).toMatchObject({ index: device, move: { name: 'device.complete' } });
    expect(complete?.move.owner?.(small.machine(), device)).toEqual({ kernel: 'original', device });
    expect(complete?.move.latencyNs(small.machine(), device, small.plan)).toBe(21_889_000);
    expect(complete?.move.label(device, small.plan)).toBe('network-card');
    settle(small, deviceMoves);
    expect(deviceOf(small, 'network-card')).toMatchObject({ busy: 'none', dma: false });
    expect(small.replies).toHaveLength(1);
  });

  it('goes on only while the kernel that called executes', () => {
    const small = runningBox();
    call(small, 'network-card', 'freeze');
    small.run(({ own }) => own('dump'));
    expect(possibleMoves(small, deviceMoves).filter(({ rank }) => rank !== 'background')).toEqual([]);
  });

  it('does not go on in a machine that is off', () => {
    const small = runningBox();
    call(small, 'network-card', 'freeze');
    small.run(({ machine }) => {
      machine.power = 'off';
    });
    expect(possibleMoves(small, deviceMoves)).toEqual([]);
  });

  it('is forgotten by a reset, and by a kernel that takes the device over', () => {
    const small = runningBox();
    call(small, 'disk', 'freeze');
    takeOver(small, 'dump');
    expect(deviceOf(small, 'disk')).toMatchObject({ busy: 'none', setUpBy: 'dump' });
    call(small, 'disk', 'freeze', 'dump');
    small.run((box) => resetDevices(box));
    expect(deviceOf(small, 'disk')).toMatchObject({
      busy: 'none',
      setUpBy: 'firmware',
      dma: false,
      interrupts: false,
    });
  });

  it('is never called a second time', () => {
    const small = runningBox();
    call(small, 'network-card', 'freeze');
    expect(() => call(small, 'network-card', 'freezeLate')).toThrow('network-card is still at its freeze');
  });
});

describe('a planned delay', () => {
  it('lets even a quick callback hang for ever', () => {
    const small = runningBox();
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'timer')).hangs = 'freezeLate';
    });
    call(small, 'timer', 'freezeLate');
    expect(deviceOf(small, 'timer').busy).toBe('freezeLate');
    expect(possibleMoves(small, deviceMoves).filter(({ rank }) => rank !== 'background')).toEqual([]);
    expect(small.replies).toEqual([]);
  });

  it('makes a callback patient: later than the watchdog of 120 s, and once', () => {
    const small = runningBox();
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'timer')).late = 'freeze';
    });
    call(small, 'timer', 'freeze');
    const [late] = possibleMoves(small, deviceMoves).filter(({ rank }) => rank === 'patient');
    expect(late?.move.latencyNs(small.machine(), late.index, small.plan)).toBeGreaterThan(120e9);
    small.run((box) => late?.move.run(box, late.index));
    expect(deviceOf(small, 'timer')).toMatchObject({ late: 'none', busy: 'none' });
    expect(small.replies.at(-1)?.reply.type).toBe('callback.done');
  });
});
