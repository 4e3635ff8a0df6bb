import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pciCallbacks } from '../../kernels/devices/bus-callbacks.ts';
import {
  callbackLineValues,
  callbackNs,
  type DeviceType,
  deviceRole,
  isDrivenBy,
} from '../../kernels/devices/device-type.ts';
import { deviceTypeOf, deviceTypes, registered } from '../../kernels/devices/index.ts';
import { registerFile, registersFor } from '../../kernels/devices/register-file.ts';
import { latencies } from '../../kernels/latencies.ts';
import { messagesOf } from '../../kernels/linux/messages/index.ts';
import { fillTemplate } from '../../kernels/linux/messages/template.ts';
import { callbackNames } from '../../kernels/machine.ts';
import { Contents, poisonContent, zeroContent } from '../../kernels/memory/contents.ts';
import { needs } from '../kit/needs.ts';
import { deviceOf, downward, runningBox, upward, walk } from './device-story.ts';

describe('the latencies', () => {
  it('are whole nanoseconds, each with a source', () => {
    for (const [name, latency] of Object.entries(latencies)) {
      expect(Number.isSafeInteger(latency.ns) && latency.ns >= 0, name).toBe(true);
      expect(latency.source.length, name).toBeGreaterThan(10);
    }
  });
});

describe('the registry of devices', () => {
  it('has the devices in the order of their registration', () => {
    expect(deviceTypes.map((type) => `${type.role}: ${type.driver} ${type.device}`)).toMatchInlineSnapshot(`
      [
        "disk: ata_piix 0000:00:01.1",
        "usb-controller: uhci_hcd 0000:00:01.2",
        "gpu: bochs-drm 0000:00:02.0",
        "network-card: virtio-pci 0000:00:03.0",
        "console: serial 00:04",
        "timer: rtc_cmos 00:05",
        "usb-keyboard: usb 1-1",
        "usb-storage: usb 1-2",
      ]
    `);
  });

  it('refuses a role that is there twice', () => {
    expect(() => registered([...deviceTypes, ...deviceTypes])).toThrow('the role disk is registered twice');
  });

  it('refuses a child before its parent', () => {
    expect(() => registered([...deviceTypes].reverse())).toThrow(
      'the parent of usb-storage, must come before it',
    );
  });

  it('says what devices there are when asked for one that is not', () => {
    expect(() => deviceTypeOf(deviceRole('floppy'))).toThrow('there is no device floppy; there are disk, ');
  });

  it('lets B drive the disk, the console and the timer only', () => {
    const driven = deviceTypes.filter((type) => isDrivenBy(type, 'dump')).map((type) => type.role);
    expect(driven).toEqual(['disk', 'console', 'timer']);
    expect(deviceTypes.every((type) => isDrivenBy(type, 'original'))).toBe(true);
  });
});

describe.each(deviceTypes.map((type) => [type.role, type] as const))('the device %s', (_role, type) => {
  it('has a name, a driver and a purpose', () => {
    for (const text of [type.about, type.driver, type.device, type.parentName]) expect(text).not.toBe('');
  });

  it('is called by the bus of its parent: a symbol of Linux and a latency for every callback', () => {
    for (const callback of Object.values(type.callbacks)) {
      expect(callback.symbol).toMatch(/^(pci_pm|pnp_bus|usb_dev)_[a-z_]+$/);
      expect(latencies[callback.latency]).toBeDefined();
    }
    expect(type.callbacks.freeze).toBeDefined();
    expect(type.callbacks.restore).toBeDefined();
  });

  it('has registers of its own for each who sets it up, and they say so', () => {
    const contents = new Contents();
    const owners = ['nobody', 'firmware', 'original', 'dump'] as const;
    const ids = deviceTypes.flatMap((other) => owners.map((owner) => registersFor(contents, other, owner)));
    expect(new Set(ids).size).toBe(deviceTypes.length * owners.length);
    for (const setUpBy of owners) {
      const decoded = contents.decode(registerFile, registersFor(contents, type, setUpBy));
      const dma = type.dma && (setUpBy === 'original' || setUpBy === 'dump');
      expect(decoded).toEqual({ role: type.role, setUpBy, dma });
    }
  });

  it('gives the values of its log lines', () => {
    const values = callbackLineValues(type, 'freeze');
    const line = fillTemplate(messagesOf('6.12')['device.calling'], { ...values, pid: 1 });
    const { driver, device, parentName, callbacks } = type;
    expect(line).toBe(
      `${driver} ${device}: PM: calling ${callbacks.freeze?.symbol} @ 1, parent: ${parentName}`,
    );
  });
});

it('a callback that the driver does not have is quick and has a made-up symbol', () => {
  const card = deviceTypeOf(deviceRole('network-card'));
  expect(callbackNs(card, 'freezeLate')).toBe(0);
  expect(callbackLineValues(card, 'freezeLate')['callback']).toBe('virtio_pci_freeze_late');
});

it('names, symbols, parents and times of the disk, network card, console and timer are lines of log a1', (context) => {
  const log = readFileSync(join(needs(context, 'artefacts'), 'logs', 'a1-jump-1cpu-1round.log'), 'utf8');
  for (const role of ['disk', 'network-card', 'console', 'timer'] as const) {
    const type = deviceTypeOf(deviceRole(role));
    for (const callback of callbackNames) {
      const entry = type.callbacks[callback];
      if (entry === undefined || !latencies[entry.latency].source.startsWith('log a1: ')) continue;
      const { microseconds } = callbackLineValues(type, callback);
      const name = `${type.driver} ${type.device}: PM: `;
      expect(log).toMatch(new RegExp(`${name}calling ${entry.symbol} @ \\d+, parent: ${type.parentName}`));
      if (role !== 'disk' || callback !== 'restore') {
        expect(log).toContain(`${name}${entry.symbol} returned 0 after ${microseconds} usecs`);
      }
    }
  }
});

it('a page that was never registers is read as none', () => {
  const contents = new Contents();
  for (const id of [zeroContent, poisonContent]) expect(contents.decode(registerFile, id)).toBeUndefined();
  const gpu = contents.bytes(registersFor(contents, deviceTypeOf(deviceRole('gpu')), 'original')).slice();
  gpu.fill(0x20, 0x30, 0x40);
  expect(contents.decode(registerFile, contents.intern(gpu))).toBeUndefined();
});

it('the display shows whose it is, in its register file', () => {
  const contents = new Contents();
  const page = contents.bytes(registersFor(contents, deviceTypeOf(deviceRole('gpu')), 'original'));
  const rows = new TextDecoder().decode(page.subarray(0x800, 0x800 + 160)).split(/ {2,}/);
  expect(rows).toEqual(['original, row 0', 'original, row 1', '']);
});

describe('a device that is one module and one line', () => {
  const soundCard: DeviceType = {
    role: deviceRole('sound-card'),
    about: 'plays what the test wants',
    driver: 'snd_test',
    device: '0000:00:05.0',
    parentName: 'pci0000:00',
    drivenByDump: false,
    dma: true,
    callbacks: pciCallbacks({
      freeze: 'gpu.freeze',
      freezeNoirq: 'gpu.freezeNoirq',
      thawNoirq: 'gpu.thawNoirq',
      restoreNoirq: 'gpu.restoreNoirq',
      restore: 'networkCard.restore',
    }),
    losesWhenOff: 'registers',
  };
  const types = registered([...deviceTypes, soundCard]);

  it('is found by its role, set up, frozen and restored like the others', () => {
    const small = runningBox({}, types);
    expect(deviceTypeOf(soundCard.role, types)).toBe(soundCard);
    const before = { ...deviceOf(small, soundCard.role) };
    expect(before).toMatchObject({ setUpBy: 'original', dma: true, power: 'on' });
    walk(small, 'original', downward, types);
    expect(deviceOf(small, soundCard.role)).toMatchObject({ dma: false, power: 'quiet', interrupts: false });
    walk(small, 'original', upward, types);
    expect(deviceOf(small, soundCard.role)).toEqual(before);
  });
});
