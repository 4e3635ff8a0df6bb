/** Every boot of a kernel, and what it cost: from the moment it gets control until its user space runs, firmware before that apart. */
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import type { History } from '../../machines/system/history.ts';
import type { TurnRecord } from '../../machines/system/world.ts';
import type { Arrival } from '../../machines/vocabulary.ts';

type Way = Extract<Arrival, { type: 'control.arrived' }>['by'];

export type KernelBoot = {
  readonly kernel: KernelName;
  readonly by: Way;
  /** When it got control, since power-on. */
  readonly atNs: number;
  /** Self test and boot loader; 0 where another kernel started it. */
  readonly firmwareNs: number;
  /** Null: its user space never ran. */
  readonly ns: number | null;
};

/** Who is entered again where it left does not boot. */
const isBoot: { readonly [By in Way]: boolean } = {
  boot: true,
  crash: true,
  jump: true,
  plain: true,
  return: false,
  reentry: false,
};

export function bootsOfRun({ allRecords: records }: Pick<History, 'allRecords'>): readonly KernelBoot[] {
  const starts = records.flatMap(({ nowNs, turns }, index) =>
    turns.flatMap((turn) => {
      const boot = bootIn(turn);
      return boot === undefined ? [] : [{ ...boot, atNs: nowNs, index }];
    }),
  );
  return starts.map(({ index, ...boot }) => {
    const next = starts.find((each) => each.kernel === boot.kernel && each.index > index);
    const up = records
      .slice(index, next?.index)
      .find(({ replies }) =>
        replies.some(({ to, type }) => to === boot.kernel && type === 'userSpace.started'),
      );
    const test = records
      .slice(0, index)
      .findLast(({ commands }) => commands.some(({ type }) => type === 'firmware.test'));
    const firmwareNs = boot.by === 'boot' && test !== undefined ? boot.atNs - test.nowNs : 0;
    return { ...boot, firmwareNs, ns: up === undefined ? null : up.nowNs - boot.atNs };
  });
}

function bootIn({ actor, heard, ignored }: TurnRecord): Pick<KernelBoot, 'kernel' | 'by'> | undefined {
  const kernel = kernelNames.find((name) => name === actor);
  if (kernel === undefined || ignored || heard.type !== 'control.arrived') return undefined;
  return isBoot[heard.by] ? { kernel, by: heard.by } : undefined;
}
