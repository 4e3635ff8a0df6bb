import { describe, expect, it } from 'vitest';
import { textWidth } from '../../scripts/visualize/chart/text-width.ts';
import { drawnRun, smallRun } from './small-run.ts';

const refused = smallRun({
  devices: ['disk', 'console'],
  faults: [{ name: 'cpu-stays-up', where: 'cpu.offline:1' }],
});

/** From the band of a phase to the next band. */
function bandOf(text: string, phase: string): string {
  const [, band = ''] = text.split(`── ${phase} `);
  return band.split('\n').slice(1).join('\n').split('\n\n')[0] ?? '';
}

describe('a run as text', () => {
  it('reads in a hundred columns from the top to the end', () => {
    expect(drawnRun(refused, 'text')).toMatchInlineSnapshot(`
      "kexec-jump jump-back, reserved region, 256 MiB, 2 CPUs, 2 devices, workload editor, seed 1, fault
      cpu-stays-up@cpu.offline:1

             box         own  operator  A   B   disk data
                                 firmware    devices  memory
         0.001000               ◷   ┊   ┊   ┊   │   │   │  after soon: 1.0 ms

      ── power-on · firmware ────────────────────────────────────────────────────────────────── 1.200 s ──
         0.001005               ├──▶┊   ┊   ┊   │   │   │  power.press
                                │   ●   ┊   ┊   │   │   │  firmware.test · power-on self test, memory map
                                ⋮   ┊   ┊   ┊   ⋮   ⋮   ⋮  1.000 s later
         1.001005               │   ○   ┊   ┊   │   │   │  firmware.ready
                                │   ├───┼───┼───┼──▶│   │  firmware.load
                                ⋮   ⋮   ┊   ┊   ⋮   ⋮   ⋮  200.0 ms later
         1.201005               │   ┃◀╌╌┼╌╌╌┼╌╌╌┼╌╌╌┤   │  firmware.loaded
         1.201010               │   ╞══▶┃   ┊   │   │   │  control: boot

      ── power-on · A ───────────────────────────────────────────────────────────────────────── 2.464 s ──
                                │   ┊   ├───┼───┼───┼──▶│  kernel.start
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  611.6 ms later
         1.812587  A 0.611577   │   ┊   ┃   ┊   │   │   │  » Linux version 6.12.117-box (kjump@box)
                                │   ┊   ┃   ┊   │   │   │    (kexec-jump, not compiled) #1 SMP
                                │   ┊   ┃◀╌╌┼╌╌╌┼╌╌╌┼╌╌╌┤  kernel.started
                                │   ┊   ├───┼──▶│   │   │  kernel.probe
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  1.684 s later
         3.496393  A 2.295383   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  kernel.probed
                                │   ┊   ●   ┊   │   │   │  userSpace.start
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  168.8 ms later
         3.665207  A 2.464197   │   ┊   ○   ┊   │   │   │  userSpace.started
                                │◀──┼───┤   ┊   │   │   │  original.up · user space runs

      ── load · A ───────────────────────────────────────────────────────────────────────────── 2.098 s ──
         3.665217  A 2.464207   ├───┼──▶┃   ┊   │   │   │  load.ask · kexec -l --load-preserve-context
                                │   ┊   ├───┼───┼───┼──▶│  kexec.load jump · do_kexec_load
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  150.0 ms later
         3.815207  A 2.614197   │   ┊   ◦   ┊   │   │   │  task.work × 8: editor, over 1.050 s
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  1.948 s later
         5.763249  A 4.562239   │   ┊   ┃◀╌╌┼╌╌╌┼╌╌╌┼╌╌╌┤  kexec.loaded
                                │◀──┼───┤   ┊   │   │   │  load.answered · kexec -l ends well
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  400.0 ms later

      ── work · A ──────────────────────────────────────────────────────────────────────────── 400.0 ms ──
         6.163254  A 4.962244   ◷   ┊   ┃   ┊   │   │   │  after work: 400.0 ms

      ── freeze · A ─────────────────────────────────────────────────────────────────────────── 20.1 ms ──
         6.163259  A 4.962249   ├───┼──▶┃   ┊   │   │   │  jump.ask
                                │   ┊   ├───┼───┼──▶│   │  userSpace.sync, 20.0 ms · kexec -e: sync()
         6.183259  A 4.982249   │   ┊   ┃   ┊   │   │   │  » Freezing user space processes
                                │   ┊   ●   ┊   │   │   │  tasks.freeze · freeze_processes
         6.183369  A 4.982359   │   ┊   ┃   ┊   │   │   │  » Freezing user space processes completed
                                │   ┊   ┃   ┊   │   │   │    (elapsed 0.000 seconds)
                                │   ┊   ┃   ┊   │   │   │  » OOM killer disabled.

      ── quiesce · A ────────────────────────────────────────────────────────────────────────── 21.5 ms ──
                                │   ┊   ┃   ┊   │   │   │  » printk: Suspending console(s) (use
                                │   ┊   ┃   ┊   │   │   │    no_console_suspend to debug)
                                │   ┊   ●   ┊   │   │   │  console.suspend · suspend_console
                                │   ┊   ├───┼──▶│   │   │  prepare × 2: disk, console, 15 µs
         6.183389  A 4.982379   │   ┊   ├───┼──▶│   │   │  freeze × 2: console, disk, 21.5 ms
         6.204852  A 5.003842   │   ┊   ├───┼──▶│   │   │  freezeLate × 2: console, disk, 15 µs
         6.204872  A 5.003862   │   ┊   ├───┼──▶│   │   │  freezeNoirq × 2: console, disk, 15 µs

      ── cpus · A ────────────────────────────────────────────────────────────────────────────────────────
         6.204892  A 5.003882   │   ┊   ┃   ┊   │   │   │  » Disabling non-boot CPUs ...
                                │   ┊   ●   ┊   │   │   │  cpu.offline 1 · _cpu_down
                                │   ┊   ✗   ┊   │   │   │  ✗ fault cpu-stays-up at cpu.offline:1
                                │   ┊   ○   ┊   │   │   │  ✗ cpu.failed
                                │   ┊   ┃   ┊   │   │   │  » Error taking CPU1 down: -16
                                │   ┊   ┃   ┊   │   │   │  » Non-boot CPUs are not disabled

      ── resume · A ───────────────────────────────────────────────────────────────────────────── 80 µs ──
                                │   ┊   ├───┼──▶│   │   │  restoreNoirq × 2: disk, console, 15 µs
         6.204912  A 5.003902   │   ┊   ├───┼──▶│   │   │  restoreEarly × 2: disk, console, 15 µs
         6.204932  A 5.003922   │   ┊   ├───┼──▶│   │   │  restore × 2: disk, console, 15 µs
         6.204952  A 5.003942   │   ┊   ├───┼──▶│   │   │  complete × 2: console, disk, 15 µs

      ── thaw · A ────────────────────────────────────────────────────────────────────────────────────────
         6.204972  A 5.003962   │   ┊   ●   ┊   │   │   │  console.resume · resume_console
                                │   ┊   ┃   ┊   │   │   │  » OOM killer enabled.
                                │   ┊   ┃   ┊   │   │   │  » Restarting tasks ... done.
                                │   ┊   ●   ┊   │   │   │  tasks.thaw · thaw_processes
                                │   ┊   ┃   ┊   │   │   │  » kexec failed: Device or resource busy
                                │◀──┼───┤   ┊   │   │   │  ✗ jump.failed · kernel_kexec returned an error
                                ⋮   ┊   ⋮   ┊   ⋮   ⋮   ⋮  2.000 s later

      ── work · A ───────────────────────────────────────────────────────────────────────────── 2.000 s ──
         8.204977  A 7.003967   ◷   ┊   ┃   ┊   │   │   │  after settle: 2.000 s
                                ●   ┊   ┃   ┊   │   │   │  ✗ verdict: aborted
      "
    `);
  });

  it.each([80, 100, 120])('keeps to %d columns', (columns) => {
    for (const devices of ['together', 'each'] as const) {
      const lines = drawnRun(smallRun(), 'text', { columns, devices }).split('\n');
      expect(lines.filter((line) => textWidth(line, 1000) > textWidth(' '.repeat(columns), 1000))).toEqual(
        [],
      );
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
    }
  });

  it('leaves the own clocks out where there is no room for them', () => {
    expect(bandOf(drawnRun(smallRun(), 'text', { columns: 50 }), 'cpus · A')).toMatchInlineSnapshot(`
      "   6.226821  │  ┊  ┃  ┊  │  │  │  » Disabling non-boot
                   │  ┊  ┃  ┊  │  │  │    CPUs ...
                   │  ┊  ●  ┊  │  │  │  cpu.offline 1, 58.7 ms
         6.285520  │  ┊  ┃  ┊  │  │  │  » smpboot: CPU 1 is
                   │  ┊  ┃  ┊  │  │  │    now offline"
    `);
  });

  it('draws each device on its own lifeline', () => {
    const text = drawnRun(smallRun(), 'text', { devices: 'each' });
    expect(bandOf(text, 'quiesce · B')).toMatchInlineSnapshot(`
      "                         │  ┊  ┊  ┃  │  │  │  │  │  » printk: Suspending console(s) (use
                               │  ┊  ┊  ┃  │  │  │  │  │    no_console_suspend to debug)
                               │  ┊  ┊  ●  │  │  │  │  │  console.suspend · suspend_console
                               │  ┊  ┊  ├─▶┼──┼─▶│  │  │  prepare × 2: disk, console, 15 µs
         8.935420  B 2.249895  │  ┊  ┊  ├─▶┼──┼─▶│  │  │  freeze × 2: console, disk, 21.5 ms
         8.956883  B 2.271358  │  ┊  ┊  ├─▶┼──┼─▶│  │  │  freezeLate × 2: console, disk, 15 µs
         8.956903  B 2.271378  │  ┊  ┊  ├─▶┼──┼─▶│  │  │  freezeNoirq × 2: console, disk, 15 µs"
    `);
  });

  it('tells every single message when unfolded', () => {
    const text = drawnRun(smallRun({ devices: ['disk', 'console'] }), 'text', { isUnfolded: true });
    expect(bandOf(text, 'resume · A')).toMatchInlineSnapshot(`
      "                          │   ┊   ┃   ┊   │   │   │  » Enabling non-boot CPUs ...
                                │   ┊   ┃   ┊   │   │   │  » smpboot: Booting Node 0 Processor 1 APIC 0x1
                                │   ┊   ●   ┊   │   │   │  cpu.online 1, 56.6 ms · _cpu_up
         8.991553  A 5.119135   │   ┊   ○   ┊   │   │   │  cpu.onlined
                                │   ┊   ┃   ┊   │   │   │  » CPU1 is up
                                │   ┊   ├───┼──▶│   │   │  restoreNoirq disk · dpm_resume_noirq (RESTORE)
         8.991558  A 5.119140   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered disk
         8.991563  A 5.119145   │   ┊   ├───┼──▶│   │   │  restoreNoirq console
         8.991568  A 5.119150   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered console
         8.991573  A 5.119155   │   ┊   ├───┼──▶│   │   │  restoreEarly disk · dpm_resume_early (RESTORE)
         8.991578  A 5.119160   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered disk
         8.991583  A 5.119165   │   ┊   ├───┼──▶│   │   │  restoreEarly console
         8.991588  A 5.119170   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered console
         8.991593  A 5.119175   │   ┊   ├───┼──▶│   │   │  restore disk · dpm_resume (RESTORE)
         8.991598  A 5.119180   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered disk
         8.991603  A 5.119185   │   ┊   ├───┼──▶│   │   │  restore console · dpm_resume (RESTORE)
         8.991608  A 5.119190   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered console
         8.991613  A 5.119195   │   ┊   ├───┼──▶│   │   │  complete console · dpm_complete
         8.991618  A 5.119200   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered console
         8.991623  A 5.119205   │   ┊   ├───┼──▶│   │   │  complete disk · dpm_complete
         8.991628  A 5.119210   │   ┊   ┃◀╌╌┼╌╌╌┤   │   │  device.answered disk"
    `);
  });

  it('is the same each time', () => {
    expect(drawnRun(smallRun(), 'text')).toBe(drawnRun(smallRun(), 'text'));
  });
});
