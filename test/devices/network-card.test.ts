import { describe, expect, it } from 'vitest';
import { pfn } from '../../image/pfn.ts';
import { deviceTypes } from '../../kernels/devices/index.ts';
import { networkReceive } from '../../kernels/devices/network-card.ts';
import { resetDevices } from '../../kernels/devices/set-up-devices.ts';
import { deviceMoves } from '../../kernels/moves/device-moves.ts';
import { item } from '../../kernels/shape.ts';
import { possibleMoves, type SmallBox } from '../kit/small-box.ts';
import { downward, indexOf, runningBox, takeOver, upward, walk } from './device-story.ts';

const receive = (small: SmallBox): void => small.run((box) => networkReceive.run(box, 0));
const canReceive = (small: SmallBox): boolean =>
  possibleMoves(small, deviceMoves).some(
    ({ move, rank }) => move === networkReceive && rank === 'background',
  );

describe.each(['bare', 'immer'] as const)('with %s recipes a packet', (recipes) => {
  it('lands in the next frame of the receive ring, each with bytes of its own', () => {
    const small = runningBox({ recipes });
    receive(small);
    receive(small);
    const ring = small.plan.layout.original.receiveRing;
    const device = indexOf(small, 'network-card');
    expect(small.notes).toEqual([
      { type: 'dma.landed', device, frame: ring.start },
      { type: 'dma.landed', device, frame: pfn(ring.start + 1) },
    ]);
    const names = [0, 1].map((index) => {
      const bytes = small.contents.bytes(small.memory().get(ring.start + index));
      return new TextDecoder().decode(bytes.subarray(0, 16));
    });
    expect(names).toEqual(['7061636b00000000', '7061636b00000001']);
    expect(small.machine()).toMatchObject({ packetsLeft: 6, packetsDropped: 0 });
  });

  it('is dropped by a card that was frozen', () => {
    const small = runningBox({ recipes });
    walk(small, 'original', downward);
    const before = small.memory();
    receive(small);
    expect(small.memory()).toBe(before);
    expect(small.machine()).toMatchObject({ packetsLeft: 7, packetsDropped: 1 });
  });
});

describe('packets', () => {
  it('go round the ring', () => {
    const small = runningBox({ size: { packetCount: 20 } });
    const ring = small.plan.layout.original.receiveRing;
    for (let number = 0; number <= ring.count; number++) receive(small);
    expect(small.notes.at(-1)).toMatchObject({ frame: ring.start });
  });

  it('come until none is left', () => {
    const small = runningBox({ size: { packetCount: 1 } });
    expect(canReceive(small)).toBe(true);
    receive(small);
    expect(canReceive(small)).toBe(false);
  });

  it('are not heard by a card or a machine that is off, nor without a card', () => {
    const frozen = runningBox({ plan: { devicesBetween: 'powered-down' } });
    walk(frozen, 'original', downward);
    expect(canReceive(frozen)).toBe(false);
    const off = runningBox();
    off.run(({ machine }) => {
      machine.power = 'off';
    });
    expect(canReceive(off)).toBe(false);
    const others = deviceTypes.map((type) => type.role).filter((role) => role !== 'network-card');
    expect(canReceive(runningBox({ devices: others }))).toBe(false);
  });

  it('still land in the memory of A while B executes, when the driver let the card run on', () => {
    const small = runningBox();
    small.run(({ machine }) => {
      item(machine.devices, indexOf(small, 'network-card')).keepsDma = true;
    });
    walk(small, 'original', downward);
    takeOver(small, 'dump');
    receive(small);
    expect(small.notes.filter((note) => note.type === 'dma.landed')).toHaveLength(1);
  });

  it('still land after a crash, when nobody had frozen anything', () => {
    const small = runningBox();
    takeOver(small, 'dump');
    receive(small);
    expect(small.notes).toHaveLength(1);
  });

  it('are dropped after a reset, until A has set the card up again', () => {
    const small = runningBox();
    small.run((box) => resetDevices(box));
    receive(small);
    takeOver(small, 'original');
    receive(small);
    expect(small.machine()).toMatchObject({ packetsLeft: 6, packetsDropped: 1 });
  });
});

it('no device writes memory unasked but one with DMA', () => {
  for (const type of deviceTypes.filter((candidate) => !candidate.dma)) {
    const small = runningBox({ devices: [type.role] });
    const before = small.memory();
    for (const { move, index } of possibleMoves(small, deviceMoves)) small.run((box) => move.run(box, index));
    expect(small.memory(), type.role).toBe(before);
    walk(small, 'original', ['prepare', 'freezeLate', 'freezeNoirq', ...upward.slice(0, 2), 'complete']);
    expect(small.memory(), type.role).toBe(before);
  }
});
