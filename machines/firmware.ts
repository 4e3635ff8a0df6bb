/**
 * Firmware and boot loader: self test, memory map, then a kernel from disk: A, or C when that was asked for once (BootNext). A reset
 * (triple fault, restart) starts it anew. Not emulated: boot device choice, ACPI tables beyond the memory map.
 */
import { setup } from 'xstate';
import { below, firstRecord, type RecordOf } from '../kernels/shape.ts';
import { speaking } from './chart.ts';
import { print, recipe } from './recipe.ts';
import type { ChartEvent, Emission, StateMeta, StateTag } from './vocabulary.ts';

export const firmwareShape = { boots: below(16) };
export type FirmwareContext = RecordOf<typeof firmwareShape>;

const chart = setup({
  types: {} as {
    context: FirmwareContext;
    events: ChartEvent;
    emitted: Emission;
    meta: StateMeta;
    tags: StateTag;
  },
  actions: {
    print,
    test: recipe<FirmwareContext, ChartEvent>((me, _event, out) => {
      me.boots = Math.min(me.boots + 1, 15);
      out.order({ type: 'firmware.test' });
    }),
    load: recipe<FirmwareContext, ChartEvent>((_me, _event, out) => {
      out.order({ type: 'firmware.load' });
    }),
  },
});

export const firmware = speaking(
  chart.createMachine({
    id: 'firmware',
    context: () => firstRecord(firmwareShape),
    initial: 'off',
    on: { 'power.restored': '.testing', 'power.lost': '.off' },
    states: {
      off: {
        tags: ['off'],
        meta: { does: 'no power' },
        on: { 'power.press': 'testing' },
      },
      testing: {
        tags: ['waiting'],
        meta: {
          does: 'power-on self test, memory map',
          phase: 'power-on',
          excuse: 'a machine without working firmware stays dark',
        },
        entry: 'test',
        on: { 'firmware.ready': 'loading' },
      },
      loading: {
        tags: ['waiting'],
        meta: {
          does: 'boot loader: kernel A from disk, or C once',
          phase: 'power-on',
          excuse: 'a boot loader waits for ever',
        },
        entry: 'load',
        on: { 'firmware.loaded': 'handedOver' },
      },
      handedOver: {
        tags: ['settled'],
        meta: {
          does: 'a kernel has the machine: a press of the button is an event for it, and none of the box listens',
        },
        on: { 'power.press': {} },
      },
    },
  }),
);
