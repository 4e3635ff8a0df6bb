/** Which kernel booted when, and what each boot cost: firmware and boot loader apart from the kernel up to its first program. */
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import type { StepRecord, TurnRecord } from '../../machines/system/world.ts';

export type Boot = {
  readonly kernel: KernelName;
  /** What started it. */
  readonly by: 'firmware' | 'jump' | 'crash';
  /** Nanoseconds since power-on. */
  readonly startNs: number;
  /** What firmware and boot loader took before; 0 when another kernel started it. */
  readonly firmwareNs: number;
  /** From its first instruction to its user space. Undefined: it never came so far. */
  readonly kernelNs: number | undefined;
};

export function bootsOf(records: readonly StepRecord[]): readonly Boot[] {
  const boots: Boot[] = [];
  let firmwareSinceNs = 0;
  for (const { turns, replies, nowNs } of records) {
    for (const turn of turns) {
      if (isSwitchedOn(turn)) firmwareSinceNs = nowNs;
      const begun = beginning(turn, nowNs, firmwareSinceNs);
      if (begun !== undefined) boots.push(begun);
    }
    const last = boots.at(-1);
    const isUp = replies.some(({ to, type }) => to === last?.kernel && type === 'userSpace.started');
    if (last?.kernelNs === undefined && last !== undefined && isUp)
      boots[boots.length - 1] = { ...last, kernelNs: nowNs - last.startNs };
  }
  return boots;
}

const isSwitchedOn = ({ actor, heard }: TurnRecord): boolean =>
  actor === 'firmware' && (heard.type === 'power.press' || heard.type === 'power.restored');

/** A kernel that is entered again was away, and boots no more. */
function beginning(
  { actor, heard, before }: TurnRecord,
  nowNs: number,
  firmwareSinceNs: number,
): Boot | undefined {
  const kernel = kernelNames.find((name) => name === actor);
  const isNew = before === 'off' || before === 'absent';
  if (kernel === undefined || heard.type !== 'control.arrived' || !isNew) return undefined;
  const by = heard.by === 'boot' ? 'firmware' : heard.by === 'crash' ? 'crash' : 'jump';
  const firmwareNs = by === 'firmware' ? nowNs - firmwareSinceNs : 0;
  return { kernel, by, startNs: nowNs, firmwareNs, kernelNs: undefined };
}
