import { expect, it } from 'vitest';
import { told } from './stepped.ts';

it('goes through a jump in both directions with the verbs of gdb', async () => {
  const session = await told(
    'where',
    'n',
    'b original kexec.freezing',
    'c',
    'rs',
    'rsi',
    'si',
    'si',
    'rsi',
    's',
    'watch devices.gpu.power',
    'c',
    'when original.freezer',
    'until /Restarting tasks/',
    'rc jump',
    'delete',
    'goto end',
    's',
    'restart',
    'rs',
  );
  expect(session).toMatchInlineSnapshot(`
    "step 0, 0.000000 s, nobody executes: operator idle, firmware off, original off, dump absent
       1  0.001000  timer operator soon in kexec-jump.idle
          operator <- after soon: idle -> switchingOn
            tells firmware power.press
    breakpoint 1: original kexec.freezing
    breakpoint 1: original enters kexec.freezing.deciding
    over 27 steps
      28  6.183409  deliver original/timer > original
          original <- device.answered: kexec.preparing.asking -> kexec.preparing.deciding -> kexec.freezing.deciding -> kexec.freezing.asking
            tells original/timer device.freeze
    undone:  28  6.183409  deliver original/timer > original
      27  6.183404  deliver original > original/timer
          original/timer <- device.prepare: active -> preparing
            orders device.call original timer prepare
          original/timer <- callback.done: preparing -> prepared
            tells original device.answered
    turn 1 of 2 in step 27
          original/timer <- device.prepare: active -> preparing
            orders device.call original timer prepare
    turn 2 of 2 in step 27
          original/timer <- callback.done: preparing -> prepared
            tells original device.answered
      28  6.183409  deliver original/timer > original
          original <- device.answered: kexec.preparing.asking -> kexec.preparing.deciding -> kexec.freezing.deciding -> kexec.freezing.asking
            tells original/timer device.freeze
      27  6.183404  deliver original > original/timer
          original/timer <- device.prepare: active -> preparing
            orders device.call original timer prepare
          original/timer <- callback.done: preparing -> prepared
            tells original device.answered
      28  6.183409  deliver original/timer > original
          original <- device.answered: kexec.preparing.asking -> kexec.preparing.deciding -> kexec.freezing.deciding -> kexec.freezing.asking
            tells original/timer device.freeze
    watchpoint 2: devices.gpu.power
    watchpoint 2: devices.gpu.power: on -> quiet
    over 22 steps
      50  6.204957  deliver original > original/gpu
          original/gpu <- device.freezeNoirq: frozenLate -> freezingNoirq
            orders device.call original gpu freezeNoirq
          original/gpu <- callback.done: freezingNoirq -> frozenNoirq
            tells original device.answered
    original.freezer has not changed since the start
    watchpoint 2: devices.gpu.power: quiet -> on
    over 60 steps
     110  8.876435  deliver original > original/gpu
          original/gpu <- device.restoreNoirq: frozenNoirq -> restoringNoirq
            orders device.call original gpu restoreNoirq
          original/gpu <- callback.done: restoringNoirq -> frozenLate
            tells original device.answered
    jump: dump begins jump
    back over 4 steps
     106  8.876415  deliver dump/disk > dump
          dump <- device.answered: kexec.freezingNoirq.asking -> kexec.freezingNoirq.deciding -> kexec.takingCpusDown.deciding -> kexec.stoppingSystemCore
            orders interrupts.disable
            orders syscore.suspend dump
          dump <- syscore.suspended: kexec.stoppingSystemCore -> kexec.leaving
            orders processor.save dump
            orders kexec.jump dump
          note jump.left dump
          note jump.arrived original
          changes 8 pages of memory
    no breakpoints and no watchpoints
    over 35 steps
     141  10.876585  timer operator settle in kexec-jump.settling
          operator <- after settle: settling -> looking -> restored
    at the end, after 141 steps and 10.876585 s: restored
    no law is broken
    at the end, after 141 steps and 10.876585 s: restored
    no law is broken
    back over 141 steps
    at the start: nothing has happened yet
    at the start: there is nothing before it"
  `);
});

it('shows what may happen next, and why a guard says no', async () => {
  const session = await told('c original kexec.freezing.asking', 'info picks', 'info guards original');
  expect(session).toMatchInlineSnapshot(`
    "original kexec.freezing.asking: original enters kexec.freezing.asking
    over 28 steps
      28  6.183409  deliver original/timer > original
          original <- device.answered: kexec.preparing.asking -> kexec.preparing.deciding -> kexec.freezing.deciding -> kexec.freezing.asking
            tells original/timer device.freeze
      1  in 5 µs        brings device.freeze  deliver original > original/timer
      2  in 24 h 0 min  timer                 timer operator watchdog in kexec-jump.jumping
    asked by the step that led here
      original kexec.preparing.deciding: someDeviceAt(at: active) no, not to kexec.preparing.asking
          because devices[0-3].driven = true, devices[0-3].at = prepared
      original kexec.freezing.deciding: someDeviceAt(at: prepared) yes, to kexec.freezing.asking
          because devices[0].driven = true, devices[0].at = prepared"
  `);
});

it('tells many steps in a line each', async () => {
  expect(await told('goto 28', 's 3', 'rs 2')).toMatchInlineSnapshot(`
    "over 28 steps
      28  6.183409  deliver original/timer > original
          original <- device.answered: kexec.preparing.asking -> kexec.preparing.deciding -> kexec.freezing.deciding -> kexec.freezing.asking
            tells original/timer device.freeze
      29      6.183414  original/timer <- device.freeze: prepared -> freezing; original/timer <- callback.done: freezing -> frozen; orders device.call original 3 freeze; tells original device.answered
      30      6.183419  original <- device.answered: kexec.freezing.asking; tells original/console device.freeze
      31      6.183424  original/console <- device.freeze: prepared -> freezing; original/console <- callback.done: freezing -> frozen; orders device.call original 2 freeze; tells original device.answered
    back over 2 steps
      29  6.183414  deliver original > original/timer
          original/timer <- device.freeze: prepared -> freezing
            orders device.call original timer freeze
          original/timer <- callback.done: freezing -> frozen
            tells original device.answered
          note registers.saved original timer
          changes 1 page of memory"
  `);
});
