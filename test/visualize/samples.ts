// Small machines to draw: a nested one, one with regions, and one that does everything a drawing can get wrong to itself.

import { and, not, setup } from 'xstate';

const player = setup({
  guards: { hasDisc: () => true, isScratched: () => false },
  actions: { openTray: () => undefined, spinUp: () => undefined, log: () => undefined },
  delays: { patienceTimeout: 500 },
});

/** Nested, with `always`, `after`, guards, an internal transition, a self-transition, a final state and `done`. */
export const nestedMachine = player.createMachine({
  id: 'player',
  initial: 'stopped',
  on: { 'power.cut': '.off', ping: { actions: 'log' } },
  states: {
    stopped: {
      meta: { does: 'player_idle' },
      on: { 'disc.play': [{ guard: 'hasDisc', target: 'playing' }, { actions: 'openTray' }] },
    },
    playing: {
      initial: 'checking',
      entry: 'spinUp',
      on: { 'disc.stop': 'stopped' },
      onDone: 'stopped',
      states: {
        checking: {
          always: [
            { guard: and([not('isScratched'), 'hasDisc']), target: 'reading' },
            { target: '#player.broken' },
          ],
        },
        reading: {
          on: {
            'track.read': { target: 'reading', reenter: true },
            'track.failed': { target: 'checking', actions: 'log' },
            'disc.ended': 'ended',
          },
          after: { patienceTimeout: { target: '#player.broken', actions: ['log', 'openTray'] } },
        },
        ended: { type: 'final' },
      },
    },
    broken: { on: { 'disc.repaired': 'stopped' } },
    off: { type: 'final' },
  },
});

/** Two regions that are left together, one of them nested, and a transition into both at once. */
export const parallelMachine = setup({}).createMachine({
  id: 'console',
  initial: 'up',
  states: {
    up: {
      type: 'parallel',
      on: { 'console.suspend': 'suspended' },
      onDone: 'down',
      states: {
        screen: {
          initial: 'lit',
          states: {
            lit: { on: { 'screen.blank': 'blank', 'screen.failed': '#console.down' } },
            blank: {
              initial: 'dim',
              on: { key: 'lit' },
              states: { dim: { after: { 2000: 'dark' } }, dark: {} },
            },
          },
        },
        serial: {
          initial: 'open',
          states: { open: { on: { 'line.dropped': 'closed' } }, closed: { type: 'final' } },
        },
      },
    },
    suspended: {
      on: { 'console.resume': { target: ['#console.up.screen.blank', '#console.up.serial.open'] } },
    },
    down: { type: 'final' },
  },
});

/** Transitions of a composite into itself, from its inside to itself, and to itself: what drawings most easily get wrong. */
export const selfishMachine = setup({ actions: { note: () => undefined } }).createMachine({
  id: 'selfish',
  initial: 'outer',
  on: { reset: { target: '#selfish', reenter: true } },
  states: {
    outer: {
      initial: 'first',
      entry: 'note',
      on: { again: { target: 'outer', reenter: true }, skip: '.second', stay: undefined },
      states: {
        first: { on: { next: 'second', leave: '#selfish.other' } },
        second: {
          on: { restart: { target: '#selfish.outer', reenter: true }, back: '#selfish.outer.recent' },
        },
        recent: { type: 'history', target: 'first' },
      },
    },
    other: { on: { 'a "quoted": <name>; # & more': 'outer', '*': { actions: 'note' } } },
  },
});
