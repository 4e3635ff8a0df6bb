/** What the comparison of paths says, held against what is known of them (linux.md A1.11, A3.3). */
import { describe, expect, it } from 'vitest';
import { paths } from '../../machines/paths/index.ts';
import { phases } from '../../machines/vocabulary.ts';
import { type ComparedPhase, type Comparison, isAbout } from '../../scripts/compare/comparison.ts';
import { compared } from './small-comparison.ts';

const both = compared('kexec-jump', 'kdump');

function phaseOf(comparison: Comparison, name: string): ComparedPhase {
  const phase = comparison.phases.find((each) => each.phase === name);
  expect(phase, name).toBeDefined();
  // Expected to be there right above, which the compiler does not follow.
  return phase as ComparedPhase;
}

const reasonsFor = (comparison: Comparison, name: string, path: string): readonly string[] =>
  phaseOf(comparison, name)
    .reasons.filter((reason) => reason.path === path)
    .map(({ step, leavesOut, because }) =>
      [step ?? leavesOut, because].filter((part) => part !== undefined).join(': '),
    );

describe('kexec-jump and kdump', () => {
  it('share purgatory, boot and save, step for step', () => {
    for (const name of ['boot', 'save']) {
      const phase = phaseOf(both, name);
      expect(phase.only).toEqual([]);
      expect(phase.steps.filter(({ only }) => only.length > 0)).toEqual([]);
    }
    expect(phaseOf(both, 'boot').steps.map(({ text }) => text)).toEqual([
      'purgatory.verify',
      'kernel.start',
      'kernel.probe',
      'vmcore.open',
      'userSpace.start',
    ]);
  });

  it('differ in these phases', () => {
    const alone = both.phases.filter(({ only }) => only.length > 0);
    expect(alone.map(({ phase, only }) => `${phase}: ${only.join(', ')}`)).toEqual([
      'freeze: kexec-jump',
      'quiesce: kexec-jump',
      'cpus: kexec-jump',
      'off: kdump',
      'return: kexec-jump',
      'resume: kexec-jump',
      'thaw: kexec-jump',
      'panic: kdump',
    ]);
  });

  it('kdump quiesces nothing, and says why', () => {
    expect(phaseOf(both, 'quiesce').steps.every(({ counts }) => counts['kdump'] === undefined)).toBe(true);
    expect(reasonsFor(both, 'quiesce', 'kdump')).toEqual([expect.stringContaining('A cannot be trusted')]);
  });

  it('the jump tells what it leaves out of what hibernation does', () => {
    const left = ['freeze', 'quiesce', 'jump'].flatMap((name) => reasonsFor(both, name, 'kexec-jump'));
    expect(left.map((text) => text.split(':')[0])).toEqual([
      'PM notifiers',
      'ksys_sync',
      'freeze_kernel_threads',
      'pm_restrict_gfp_mask',
      'platform_begin',
      'lock_device_hotplug',
      'pm_wakeup_pending',
      'A leaves with its devices asleep and its registers kept, to be gone back to',
    ]);
  });

  it('load with the same call, each for its own purpose', () => {
    const steps = phaseOf(both, 'load').steps.map(({ by, text, only }) => `${by} ${text} ${only.join(',')}`);
    expect(steps).toEqual([
      'operator load.ask ',
      'original kexec.load jump kexec-jump',
      'original kexec.load crash kdump',
      'original load.answered ',
      'dump kexec.load back kexec-jump',
    ]);
  });

  it('leave B a quiet machine or a wild one', () => {
    const handovers = both.names.map((name) => both.figures[name]?.handover);
    expect(handovers).toEqual([
      {
        cpusUnplugged: 1,
        cpusStopped: 0,
        devicesQuiet: 3,
        devicesPoweredDown: 0,
        devices: 3,
        tasksFrozen: 1,
      },
      {
        cpusUnplugged: 0,
        cpusStopped: 1,
        devicesQuiet: 0,
        devicesPoweredDown: 0,
        devices: 3,
        tasksFrozen: 0,
      },
    ]);
  });

  it('keep everything of A or nothing', () => {
    const survivors = both.names.map((name) => both.figures[name]?.survives);
    expect(survivors).toMatchObject([
      { kernel: true, memory: true, tasks: 1, tasksOf: 1, mount: true, log: 'in memory' },
      { kernel: false, memory: false, tasks: 0, tasksOf: 1, mount: false, log: 'in the image' },
    ]);
  });

  it('write the same image but for what each has left in memory', () => {
    const [jump = 0, crash = 0] = both.names.map((name) => both.figures[name]?.imageBlocks);
    expect(jump).toBeGreaterThan(1000);
    expect(Math.abs(jump - crash)).toBeLessThan(jump / 50);
  });

  it('stop the tasks for less time when A comes back than when it boots anew', () => {
    const [jump = 0, crash = 0] = both.names.map((name) => both.figures[name]?.standstillNs);
    expect(jump).toBeGreaterThan(0);
    expect(jump).toBeLessThan(crash);
  });
});

describe('a jump into a reserved region and one on demand', () => {
  const loads = compared('kexec-jump:reserved', 'kexec-jump:on-demand');

  it('take the same steps', () => {
    expect(loads.partialCount).toBe(0);
    expect(loads.phases.flatMap(({ only }) => only)).toEqual([]);
  });

  it('pay with memory withheld, or with memory of A for backup pages and the pages in a larger image', () => {
    const [reserved, onDemand] = loads.names.map((name) => loads.figures[name]);
    expect(reserved).toMatchObject({ reservedBytes: 128 * 2 ** 20, backupBytes: 0 });
    expect(onDemand?.reservedBytes).toBe(0);
    // B's range of 81 MiB (linux.md A1.6), of which A had most.
    expect(onDemand?.backupBytes).toBeGreaterThan(60 * 2 ** 20);
    expect(onDemand?.backupBytes).toBeLessThanOrEqual(81 * 2 ** 20);
  });
});

describe('any comparison', () => {
  it('of a run with itself finds nothing', () => {
    const { isSame, partialCount, names } = compared('kexec-jump', 'kexec-jump');
    expect({ isSame, partialCount, names }).toEqual({
      isSame: true,
      partialCount: 0,
      names: ['kexec-jump', 'kexec-jump (2)'],
    });
  });

  it('notices what differs in figures alone', () => {
    const { isSame, partialCount } = compared('kdump', 'kdump:seed=2:workload=database');
    expect({ isSame, partialCount }).toEqual({ isSame: false, partialCount: 0 });
  });

  it('lists phases in one order, whatever the order of columns', () => {
    const names = both.phases.map(({ phase }) => phase);
    expect(names).toEqual(phases.filter((phase) => names.includes(phase)));
    expect(compared('kdump', 'kexec-jump').phases.map(({ phase }) => phase)).toEqual(names);
  });

  it('of three columns says which of them have a step', () => {
    const three = compared('kexec-jump:reserved', 'kexec-jump:on-demand', 'kdump');
    const freeze = phaseOf(three, 'freeze');
    expect(freeze.only).toEqual(['kexec-jump:reserved', 'kexec-jump:on-demand']);
    expect(freeze.reasons.map(({ path }) => path)).toEqual([
      'kexec-jump',
      'kexec-jump',
      'kexec-jump',
      'kdump',
    ]);
  });

  // On demand: to keep a B of 128 MiB takes more than half of the memory of A, and is refused.
  const columns = paths.flatMap(({ name, variants, needsRegion }) =>
    variants.map((variant) => `${name}:${variant.name}${needsRegion ? '' : ':on-demand'}`),
  );
  const pairs = columns.flatMap((one, index) =>
    columns.slice(index + 1).map((other) => [one, other] as const),
  );

  it.each(pairs)('of %s and %s gives a reason for every step that only one of them has', (one, other) => {
    const comparison = compared(one, other);
    for (const { steps, reasons } of comparison.phases) {
      for (const step of steps.filter(({ only }) => only.length > 0)) {
        for (const name of comparison.names.filter((each) => !step.only.includes(each))) {
          const own = reasons.filter(
            (reason) =>
              reason.columns.includes(name) && reason.leavesOut === undefined && isAbout(reason, step),
          );
          expect(own, `${name} without ${step.by} ${step.text}`).not.toEqual([]);
        }
      }
    }
  });

  const lacking = paths.flatMap(({ name, lacks, variants }) => [
    [name, lacks] as const,
    ...variants.map((variant) => [`${name}:${variant.name}`, variant.lacks ?? []] as const),
  ]);

  it.each(lacking)('%s gives a source for every reason', (_name, lacks) => {
    for (const { because, source } of lacks) {
      expect(because).not.toBe('');
      expect(source).toMatch(/linux\.md|Linux 6\.12|ours/);
    }
  });
});
