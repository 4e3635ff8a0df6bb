/** `kjump compare` as people call it. */
import { describe, expect, it } from 'vitest';
import { kjump, memoryIo } from '../scripts/memory-io.ts';

const box = ['--ram', '256M', '--devices', 'disk,console', '--tasks', '1', '--work', '8'];

describe('compare', () => {
  it('sets kexec-jump beside kdump when nothing else is asked for', async () => {
    const { code, stdout, stderr } = await kjump(['compare', ...box]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await kjump(['compare', 'kexec-jump', 'kdump', ...box])).stdout).toBe(stdout);
    const sections = stdout.split('\n\n').map((section) => section.replace(/^\n/, ''));
    const shown = sections.filter((section) => /^(On the|=|load|cpus|save|off|figures) /.test(section));
    expect(shown.join('\n\n')).toMatchInlineSnapshot(`
      "On the same box: 256 MiB, 2 CPUs, 2 devices, editor on 1 task, seed 1

      = both   < only kexec-jump   > only kdump
      19 of 67 steps in both; 39 only in kexec-jump; 9 only in kdump

      load                                                                           2.113 s       2.098 s
      = operator load.ask                                                                 ×1            ×1
      < A        kexec.load jump    do_kexec_load                                ×1  2.098 s             ·
      > A        kexec.load crash   do_kexec_load                                          ·   ×1  2.098 s
      = A        load.answered      kexec -l ends well                                    ×1            ×1
      < B        kexec.load back    kexec --load-jump-back-helper                ×1  15.1 ms             ·
           kexec-jump does without kexec.load crash: the image is loaded to preserve the context (kexec
             -l --load-preserve-context), not for a panic (Linux 6.12 kernel/kexec.c:do_kexec_load;
             linux.md A1.2)
           kdump does without kexec.load jump: the image is loaded straight to its place in the reserved
             region (kexec -p) (Linux 6.12 kernel/kexec.c:do_kexec_load; linux.md A3.1 rows 2 and 3)
           kdump: B loads no way back: A is over, and the machine restarts (linux.md A3.2 row 12)

      cpus                                                                           58.7 ms             –
      < A        cpu.offline        _cpu_down                                    ×1  58.7 ms             ·
           kdump: the other processors are stopped by an NMI within the panic, not unplugged (Linux 6.12
             arch/x86/kernel/reboot.c:nmi_shootdown_cpus; linux.md A3.2 row 4)

      save                                                                          336.5 ms      336.5 ms
      = B        image.write        writes a stretch of /proc/vmcore            ×14 319.8 ms  ×14 319.8 ms
      = B        image.flush        fsync: all data reach the medium             ×2  16.7 ms   ×2  16.7 ms
      = B        image.commit       writes the commit sector                              ×1            ×1
      = B        dump.saved         the image is complete                                 ×1            ×1

      off                                                                                  –           0 s
      > B        machine.restart    kernel_restart                                         ·            ×1
      > B        power.restored                                                            ·            ×1
           kexec-jump: the machine stays on: B jumps straight back into A (linux.md A1.9)

      figures                                                                     kexec-jump         kdump
      ≠ verdict                                                                     restored        dumped
      = is what the path is taken for                                                    yes           yes
      = laws broken                                                                     none          none
      ≠ steps                                                                            105            63
      ≠ from power-on to the verdict                                                10.950 s      12.400 s
      ≠ tasks of A stand still                                                       2.766 s       6.237 s
      = memory withheld from A                                                       128 MiB       128 MiB
      = memory of A taken for backup                                                 0 bytes       0 bytes
      ≠ blocks in the image                                                            6,822         6,817
      ≠ written to the disk by B                                                  27,348 KiB    27,328 KiB
      ≠ device callbacks                                                                  24             0
      ≠ devices quiet when B starts                                                   2 of 2        0 of 2
      ≠ CPUs unplugged by then                                                             1             0
      ≠ CPUs stopped by NMI by then                                                        0             1
      ≠ kernel A goes on                                                                 yes            no
      ≠ memory of A as it was                                                            yes            no
      ≠ tasks that go on                                                              1 of 1        0 of 1
      ≠ file system stays mounted                                                        yes            no
      ≠ log of A                                                                   in memory  in the image
      "
    `);
  });

  it('numbers columns whose names are long', async () => {
    const columns = ['kexec-jump:reserved', 'kexec-jump:on-demand', 'kdump:cpus=4'];
    const { stdout } = await kjump(['compare', ...columns, ...box, '--width', '90']);
    expect(stdout.split('\n').slice(0, 12).join('\n')).toMatchInlineSnapshot(`
      "On the same box: 256 MiB, 2 CPUs, 2 devices, editor on 1 task, seed 1
        [1] kexec-jump:reserved
        [2] kexec-jump:on-demand
        [3] kdump:cpus=4

      = all   1, 12 … only those columns
      19 of 67 steps in all; 39 only in [1] and [2]; 9 only in [3]

                                                                 [1]           [2]           [3]
      power-on                                               3.664 s       3.664 s       7.328 s
      =   operator power.press                                    ×1            ×1            ×1
      =   firmware firmware.test                         ×1  1.000 s   ×1  1.000 s   ×2  2.000 s"
    `);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(90);
  });

  it('has the keys that other programs rely on in its JSON', async () => {
    const { stdout } = await kjump(['compare', ...box, '--json']);
    const { paths, phases, figures } = JSON.parse(stdout);
    expect(paths).toEqual(['kexec-jump', 'kdump']);
    expect(Object.keys(figures)).toEqual(paths);
    expect(phases.find(({ name }: { name: string }) => name === 'quiesce').only).toEqual(['kexec-jump']);
    expect(phases.find(({ name }: { name: string }) => name === 'save').only).toEqual([]);
  });

  it('answers with its exit code where asked', async () => {
    const differ = await kjump(['compare', ...box, '--exit-code']);
    const same = await kjump(['compare', 'kdump', 'kdump', ...box, '--exit-code']);
    expect([differ.code, same.code]).toEqual([1, 0]);
    expect(same.stdout).toMatch(/^(\d+) of \1 steps in both$/m);
  });

  it('marks by characters what it colours on a terminal', async () => {
    const { stdout } = await kjump(['compare', ...box], memoryIo({ isTerminal: true, columns: 100 }));
    expect(stdout).toMatch(/^<cyan>< A .*tasks\.freeze/m);
    expect(stdout).toMatch(/^<magenta>> A .*crash\.jump/m);
  });
});

describe('compare says what is wrong', () => {
  const cases = [
    { args: ['kdmp'], says: 'PATH[:VARIANT][:LOAD][:NAME=VALUE], with PATH one of kexec-jump, kdump' },
    {
      args: ['kexec-jump:sideways'],
      says: 'kexec-jump:sideways: expected behind kexec-jump one of jump-back',
    },
    { args: ['kexec-jump:speed=9'], says: 'NAME=VALUE with an option of run, found speed=9' },
    { args: ['kdump:path=none'], says: 'NAME=VALUE with an option of run, found path=none' },
    { args: ['kexec-jump:cpus=x'], says: '--cpus: expected a whole number, found x' },
    { args: ['--path', 'kdump'], says: '--path: expected an option of this command' },
    { args: ['kexec-jump', '--ram', '1M'], says: '--ram: expected' },
    { args: Array.from({ length: 9 }, () => 'kdump'), says: 'kdump: expected at most PATH[:PART]…' },
    { args: ['--width', '10'], says: '--width: expected at least 40 columns, found 10' },
  ];

  it.each(cases)('to $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await kjump(['compare', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});
