/** How much two runs have in common, held against the runs and the charts. */
import { describe, expect, it } from 'vitest';
import { charts } from '../../machines/charts.ts';
import { stateText } from '../../machines/system/state-text.ts';
import { functionsNamed } from '../../scripts/compare/functions-named.ts';
import { isCounted, type Overlap, type Share } from '../../scripts/compare/share.ts';
import { traceOfRun, type Unit } from '../../scripts/compare/trace-of-run.ts';
import { compared, measuredRun } from './small-comparison.ts';

const hibernate = 'kexec-jump:hibernate';

function shareOfTwo(one: string, other: string): Share {
  const [share] = compared(one, other).shares;
  if (share === undefined) throw new Error('compare: two columns have a share');
  return share;
}

const traceOf = (column: string) => traceOfRun(measuredRun(column).history);
const counted = (units: readonly Unit[]): readonly Unit[] => units.filter(({ phase }) => isCounted(phase));
const textsOf = (overlap: Overlap, list: 'common' | 'onlyOne' | 'onlyOther'): readonly string[] =>
  overlap.phases.filter((phase) => phase.isCounted).flatMap((phase) => phase[list].map(({ text }) => text));

describe('the code that a state stands for', () => {
  const cases = [
    ['crash_smp_send_stop, nmi_shootdown_cpus', ['crash_smp_send_stop', 'nmi_shootdown_cpus']],
    ['panic', ['panic']],
    ['panic: the text, dump_stack', ['panic', 'dump_stack']],
    ['dpm_suspend (FREEZE)', ['dpm_suspend']],
    ['kexec -e: sync()', ['kexec -e', 'sync']],
    ['reboot(LINUX_REBOOT_CMD_KEXEC): is an image loaded?', ['reboot']],
    ['kernel_kexec: freeze_processes, or not (the claim of 2007)', ['kernel_kexec']],
    ['fsync: all data reach the medium', ['fsync']],
    ['_cpu_down', ['_cpu_down']],
    ['is_suspended?', []],
    ['on dpm_noirq_list', []],
    ['writes a stretch of /proc/vmcore', []],
    ['boot loader: kernel A from disk, or C once', []],
  ] as const;

  it.each(cases)('%s', (does, names) => {
    expect(functionsNamed(does)).toEqual(names);
  });
});

describe('what a run went through', () => {
  it('holds every state of a kernel that a world stood in, if its phase has a name', () => {
    const { history } = measuredRun(hibernate);
    const texts = new Set(
      traceOf(hibernate)
        .steps.filter(({ by }) => by[0] === 'A')
        .map(({ text }) => text),
    );
    const stood = new Set<string>();
    for (let position = 0; position <= history.length; position += 1) {
      stood.add(stateText(history.worldAt(position).actors.original.value));
    }
    expect([...stood].filter((state) => !texts.has(state))).toEqual(['off']);
  });

  it('holds every order, whichever device or processor it was for', () => {
    const { history } = measuredRun(hibernate);
    const types = new Set(history.allRecords.flatMap(({ commands }) => commands.map(({ type }) => type)));
    const found = new Set(
      traceOf(hibernate)
        .steps.filter(({ kind }) => kind === 'order')
        .map(({ text }) => text.split(' ')[0]),
    );
    expect([...found].sort()).toEqual([...types].sort());
  });

  it('tells the callback restore from the kernel restore', () => {
    const orders = traceOf(hibernate).steps.map(({ text }) => text);
    expect(orders).toContain('device.call restore');
    expect(orders).toContain('bootNext.set restore');
  });

  it('names only code that some chart names', () => {
    const named = new Set<string>();
    const walk = (node: { readonly meta?: unknown; readonly states: object }): void => {
      const { does } = (node.meta ?? {}) as { readonly does?: string };
      for (const name of functionsNamed(does ?? '')) named.add(name);
      for (const child of Object.values(node.states)) walk(child);
    };
    for (const chart of Object.values(charts)) walk(chart.root);
    const met = traceOf(hibernate).functions.map(({ text }) => text);
    expect(met.filter((name) => !named.has(name))).toEqual([]);
    expect(met.length).toBeGreaterThan(50);
  });
});

describe('hibernation and kdump', () => {
  const share = shareOfTwo(hibernate, 'kdump');

  it('have this code in common', () => {
    expect(textsOf(share.functions, 'common')).toMatchInlineSnapshot(`
      [
        "kexec_load",
        "do_kexec_load",
        "kexec -l",
        "machine_kexec",
        "start_kernel",
        "purgatory",
        "verify_sha256_digest",
        "setup_arch",
        "do_initcalls",
        "vmcore_init",
        "run_init_process",
        "init",
        "fsync",
      ]
    `);
  });

  it('have this code each for itself', () => {
    expect(textsOf(share.functions, 'onlyOther')).toMatchInlineSnapshot(`
      [
        "kernel_restart",
        "sysrq_handle_crash",
        "panic",
        "dump_stack",
        "crash_smp_send_stop",
        "nmi_shootdown_cpus",
        "crash_save_vmcoreinfo",
        "crash_save_cpu",
      ]
    `);
    expect(textsOf(share.functions, 'onlyOne')).toContain('freeze_processes');
    expect(textsOf(share.functions, 'onlyOne')).toContain('kernel_power_off');
  });

  it('are split without rest: what is common and what is not makes up each run', () => {
    const [one, other] = [counted(traceOf(hibernate).steps), counted(traceOf('kdump').steps)];
    const { common, onlyOne, onlyOther } = share.steps;
    expect([common + onlyOne, common + onlyOther]).toEqual([one.length, other.length]);
    const keys = new Set(other.map(({ key }) => key));
    expect(common).toBe(one.filter(({ key }) => keys.has(key)).length);
    const names = (units: readonly Unit[]): Set<string> => new Set(counted(units).map(({ text }) => text));
    const [here, there] = [names(traceOf(hibernate).functions), names(traceOf('kdump').functions)];
    expect(share.functions.common).toBe([...here].filter((name) => there.has(name)).length);
    expect(share.functions.common + share.functions.onlyOne).toBe(here.size);
    expect(share.functions.common + share.functions.onlyOther).toBe(there.size);
  });

  it('share the same the other way round', () => {
    const mirrored = shareOfTwo('kdump', hibernate);
    for (const kind of ['steps', 'functions'] as const) {
      expect(mirrored[kind].common).toBe(share[kind].common);
      expect(mirrored[kind].shareOfOne).toBe(share[kind].shareOfOther);
      expect(mirrored[kind].shareOfOther).toBe(share[kind].shareOfOne);
    }
  });

  it('save in the same way: kdump has every step of B there', () => {
    const save = share.steps.phases.find(({ name }) => name === 'save');
    expect(save).toMatchObject({ onlyOne: [], onlyOther: [] });
    expect(save?.common.length).toBeGreaterThan(5);
  });
});

describe('a share', () => {
  it('of a run with itself is the whole', () => {
    const { steps, functions } = shareOfTwo('kdump', 'kdump');
    expect([steps.shareOfOne, functions.shareOfOther]).toEqual([1, 1]);
  });

  it('of a run that does nothing is none', () => {
    const { steps, functions } = shareOfTwo('none', 'kdump');
    expect([steps.shareOfOne, steps.shareOfOther]).toEqual([null, 0]);
    // The boot of A is the same code as the boot of B, but it is not counted.
    expect([functions.shareOfOne, functions.shareOfOther]).toEqual([null, 0]);
    const powerOn = functions.phases.find(({ name }) => name === 'power-on');
    expect(powerOn?.common.map(({ text }) => text)).toContain('start_kernel');
  });

  it('of two loads of one variant is the whole', () => {
    expect(shareOfTwo('kexec-jump:reserved', 'kexec-jump:on-demand').steps).toMatchObject({
      shareOfOne: 1,
      shareOfOther: 1,
    });
  });
});
