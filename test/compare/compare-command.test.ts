/** `kjump compare` as people call it. */
import { describe, expect, it } from 'vitest';
import { kjump, memoryIo } from '../scripts/memory-io.ts';

const widestLine = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

const box = ['--ram', '256M', '--devices', 'disk,console', '--tasks', '1', '--work', '8'];

describe('compare', () => {
  it('sets kexec-jump beside kdump when nothing else is asked for', async () => {
    const { code, stdout, stderr } = await kjump(['compare', ...box]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await kjump(['compare', 'kexec-jump', 'kdump', ...box])).stdout).toBe(stdout);
    const sections = stdout.split('\n\n').map((section) => section.replace(/^\n/, ''));
    const shown = sections.filter((section) => /^(On the|=|in common,|load|cpus|off|figures) /.test(section));
    // The size of the image is no concern of this test, and neither is what depends on it.
    const lines = shown.join('\n\n').split('\n');
    const told = lines.filter((line) => !/^. (steps|from|tasks of A|time|blocks|written)/.test(line));
    expect(told.join('\n')).toMatchInlineSnapshot(`
      "On the same box: 256 MiB, 2 CPUs, 2 devices, editor on 1 task, seed 1, work 8

      = both   < only kexec-jump   > only kdump
      19 of 67 steps in both; 39 only in kexec-jump; 9 only in kdump

      in common, power-on and work apart                                           steps         functions
        of kexec-jump, kdump has                                        22 of 139   16 %   13 of 51   25 %
        of kdump, kexec-jump has                                         22 of 34   65 %   13 of 21   62 %

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

      off                                                                                  –           0 s
      > B        machine.restart    kernel_restart                                         ·            ×1
      > B        power.restored                                                            ·            ×1
           kexec-jump:jump-back: the machine stays on: B jumps straight back into A (linux.md A1.9)

      figures                                                                     kexec-jump         kdump
      ≠ verdict                                                                     restored        dumped
      = is what the path is taken for                                                    yes           yes
      = laws broken                                                                     none          none
      = rounds that A leaves for                                                           1             1
      = kernel boots to safe                                                           1 (B)         1 (B)
      ≠ kernel boots to back                                                               0         1 (A)
      = a boot of A                                                                  2.464 s       2.464 s
      = a boot of B, purgatory too                                                   2.236 s       2.236 s
      = firmware before a boot                                                       1.200 s       1.200 s
      = memory withheld from A                                                       128 MiB       128 MiB
      = memory of A taken for backup                                                 0 bytes       0 bytes
      ≠ pages swapped by jumps                                                             1             0
      ≠ device callbacks                                                                  24             0
      ≠ devices quiet when B starts                                                   2 of 2        0 of 2
      = of them powered down                                                               0             0
      ≠ tasks frozen by then                                                               1             0
      ≠ CPUs unplugged by then                                                             1             0
      ≠ CPUs stopped by NMI by then                                                        0             1
      ≠ kernel A goes on                                                                 yes            no
      ≠ memory of A as it was                                                            yes            no
      ≠ tasks that go on                                                              1 of 1        0 of 1
      ≠ units of their work lost                                                           0             8
      ≠ memory of tasks lost                                                         0 bytes       196 KiB
      = packets dropped                                                                    0             0
      ≠ file system stays mounted                                                        yes            no
      ≠ log of A                                                                   in memory  in the image
      "
    `);
  });

  it('numbers columns whose names are long', async () => {
    const columns = ['kexec-jump:reserved', 'kexec-jump:on-demand', 'kdump:cpus=4'];
    const { stdout } = await kjump(['compare', ...columns, ...box, '--width', '90']);
    expect(stdout.split('\n').slice(0, 18).join('\n')).toMatchInlineSnapshot(`
      "On the same box: 256 MiB, 2 CPUs, 2 devices, editor on 1 task, seed 1, work 8
        [1] kexec-jump:reserved
        [2] kexec-jump:on-demand
        [3] kdump:cpus=4

      = all   1·3 … only those columns
      19 of 67 steps in all; 39 only in [1] [2]; 9 only in [3]

      in common, power-on and work apart                                 steps         functions
        of [1], [2] has                                      139 of 139  100 %   51 of 51  100 %
        of [2], [1] has                                      139 of 139  100 %   51 of 51  100 %
        of [1], [3] has                                       22 of 139   16 %   13 of 51   25 %
        of [3], [1] has                                        22 of 34   65 %   13 of 21   62 %

                                                                 [1]           [2]           [3]
      power-on                                               3.664 s       3.664 s       7.328 s
      =   operator power.press                                    ×1            ×1            ×1
      =   firmware firmware.test                         ×1  1.000 s   ×1  1.000 s   ×2  2.000 s"
    `);
    expect(widestLine(stdout)).toBeLessThanOrEqual(90);
  });

  it.each([80, 140])('fits on a page of %i columns, however many runs stand side by side', async (width) => {
    const { stdout } = await kjump(['compare', 'kdump', '--variants', ...box, '--width', String(width)]);
    expect(widestLine(stdout)).toBeLessThanOrEqual(width);
  });

  it('names the laws that a run breaks below the figures', async () => {
    const { stdout } = await kjump(['compare', 'none', 'kexec-jump:scenario=a8', ...box]);
    const [, list = ''] = /^\[2\] breaks (.+(?:\n.+)*)/m.exec(stdout) ?? [];
    const names = list.trim().split(/,\s+/);
    expect(names).toContain('b-stays-in-its-range');
    expect(stdout).toMatch(new RegExp(`laws broken +none +${names.length}$`, 'm'));
  });

  it('runs every variant and every kind of load where asked', async () => {
    const { stdout } = await kjump(['compare', 'kdump', 'none', '--variants', '--loads', ...box, '--json']);
    const { paths, columns } = JSON.parse(stdout);
    expect(paths).toEqual(['kdump', 'none:reserved', 'none:on-demand']);
    expect(columns.map(({ options }: { options: { load: string } }) => options.load)).toEqual([
      'reserved',
      'reserved',
      'on-demand',
    ]);
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
    const differ = await kjump(['compare', 'none', 'kdump', ...box, '--exit-code']);
    const same = await kjump(['compare', 'none', 'none', ...box, '--exit-code']);
    expect([differ.code, same.code]).toEqual([1, 0]);
    expect(same.stdout).toMatch(/^(\d+) of \1 steps in both$/m);
  });

  it('marks by characters what it colours on a terminal', async () => {
    const { stdout } = await kjump(['compare', ...box], memoryIo({ isTerminal: true, columns: 100 }));
    expect(stdout).toMatch(/^<cyan>< A .*tasks\.freeze/m);
    expect(stdout).toMatch(/^<magenta>> A .*crash\.jump/m);
  });
});

describe('a sweep', () => {
  const swept = ['compare', 'kdump', 'none', '--sweep', 'cpus=1,2', ...box];

  it('shows a figure once where it is the same at every value, and by value where it is not', async () => {
    const { stdout } = await kjump([...swept, '--width', '80']);
    const lines = stdout.split('\n');
    const verdict = lines.find((line) => line.startsWith('verdict'));
    expect(verdict?.split(/ +/)).toEqual(['verdict', 'dumped', 'restored']);
    const stopped = lines.findIndex((line) => line.startsWith('CPUs stopped by NMI by then'));
    expect(lines.slice(stopped + 1, stopped + 3).map((line) => line.trim().split(/ {2,}/))).toEqual([
      ['cpus=1', '0', 'B never runs'],
      ['cpus=2', '1', 'B never runs'],
    ]);
    expect(stdout).toContain('none: the same 8 steps at every value');
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
  });

  it('has a column for every value in its JSON', async () => {
    const { stdout } = await kjump([...swept, '--json']);
    const { paths, columns, figures } = JSON.parse(stdout);
    expect(paths).toEqual(['kdump:cpus=1', 'kdump:cpus=2', 'none:cpus=1', 'none:cpus=2']);
    expect(Object.keys(figures)).toEqual(paths);
    expect(columns[1]).toMatchObject({
      name: 'kdump:cpus=2',
      of: 'kdump',
      at: ['cpus=2'],
      options: { cpus: 2 },
    });
  });

  it('goes through lists with plus signs in them, and through every combination', async () => {
    const sweeps = ['--sweep', 'devices=disk,disk+gpu', '--sweep', 'tasks=1,2'];
    const small = ['--ram', '256M', '--work', '2'];
    const { stdout } = await kjump(['compare', 'none', ...sweeps, ...small, '--json']);
    const { columns } = JSON.parse(stdout);
    const told = columns.map(({ options }: { options: { devices: string[]; tasks: number } }) => [
      options.devices.join(','),
      options.tasks,
    ]);
    expect(told).toEqual([
      ['disk', 1],
      ['disk', 2],
      ['disk,gpu', 1],
      ['disk,gpu', 2],
    ]);
  });

  it('differs when a figure does', async () => {
    const { code } = await kjump([...swept, '--exit-code']);
    expect(code).toBe(1);
  });
});

describe('--share', () => {
  it('sets hibernation beside kdump when nothing else is asked for, in both directions, by phase', async () => {
    const { code, stdout } = await kjump(['compare', '--share', ...box, '--width', '80']);
    expect(code).toBe(0);
    expect(widestLine(stdout)).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/^ {2}of kexec-jump:hibernate, kdump has +\d+ of \d+ +\d+ % +\d+ of \d+ +\d+ %$/m);
    expect(stdout).toMatch(/^ {2}of kdump, kexec-jump:hibernate has +\d+ of \d+ +\d+ % +\d+ of \d+ +\d+ %$/m);
    expect(stdout).toMatch(/^save {2}= [1-9]\d* {3}< 0 {3}> 0$/m);
    expect(stdout).toMatch(/^= B +→ image\.write/m);
    expect(stdout).toMatch(/^> sysrq_handle_crash, panic, /m);
    expect(stdout).toMatch(/^power-on .*\(not counted\)$/m);
  });

  it('is in the JSON of every comparison, of the first column with each other', async () => {
    const { stdout } = await kjump(['compare', 'kdump', 'none', 'kdump', ...box, '--json']);
    const { shares } = JSON.parse(stdout);
    expect(shares.map(({ one, other }: { one: string; other: string }) => [one, other])).toEqual([
      ['kdump', 'none'],
      ['kdump', 'kdump (2)'],
    ]);
    expect(shares[1].steps).toMatchObject({ shareOfOne: 1, shareOfOther: 1, onlyOne: 0, onlyOther: 0 });
    expect(shares[0].functions.phases.map(({ name }: { name: string }) => name)).toContain('panic');
  });
});

describe('compare tells in its help', () => {
  it('its options and what stands in a column', async () => {
    const { stdout } = await kjump(['compare', '--help']);
    for (const option of ['--variants', '--loads', '--sweep NAME=VALUE,…', '--share', '--exit-code']) {
      expect(stdout).toContain(`  ${option}`);
    }
    expect(stdout).toContain('kexec-jump:hibernate/on-demand');
    expect(stdout).toContain('--sweep ram=256M,1G,16G');
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
    { args: Array.from({ length: 17 }, () => 'kdump'), says: 'kdump: expected at most PATH[:PART]…' },
    {
      args: ['kexec-jump', 'kexec-jump', '--variants', '--loads'],
      says: '--variants and --loads: expected at most 16 columns, found 20',
    },
    { args: ['kdump', '--share'], says: '--share: expected two columns or more, found 1' },
    { args: ['--sweep', 'speed=1,2'], says: '--sweep: expected NAME=VALUE,… with NAME one of ' },
    { args: ['--sweep', 'path=none,kdump'], says: 'found path=none,kdump' },
    { args: ['--sweep', 'pm-print-times=1'], says: 'found pm-print-times=1' },
    { args: ['--sweep', 'ram'], says: '--sweep: expected values of ram' },
    { args: ['--sweep', 'ram=1G,,2G'], says: '--sweep: expected values of ram' },
    { args: ['--sweep', 'ram=1G,1G'], says: 'each once, found 1G,1G' },
    { args: ['--sweep', 'ram=1G,much'], says: '--ram: expected a size' },
    { args: ['--sweep', 'cpus=1,2', '--sweep', 'cpus=4'], says: 'each option swept once, found cpus twice' },
    { args: ['kdump:cpus=4', '--sweep', 'cpus=1,2'], says: 'found kdump:cpus=4, which says cpus=4' },
    {
      args: ['kexec-jump:on-demand', '--sweep', 'load=reserved,on-demand'],
      says: 'found kexec-jump:on-demand, which says on-demand',
    },
    {
      args: ['--sweep', `seed=${Array.from({ length: 33 }, (_, seed) => seed).join(',')}`],
      says: '--sweep: expected at most 64 columns, found 66',
    },
    { args: ['--width', '10'], says: '--width: expected at least 40 columns, found 10' },
  ];

  it.each(cases)('to $args', async ({ args, says }) => {
    const { code, stdout, stderr } = await kjump(['compare', ...args]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(says);
  });
});
