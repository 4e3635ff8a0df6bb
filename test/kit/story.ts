/**
 * Runs for tests of stories: a small box run to its end in the order of time, what its console showed, and what happened on the way.
 * Lines of real logs and of the box are brought to one form, in which they can be compared.
 */
import type { PlannedFault } from '../../kernels/plan.ts';
import { type FaultFreeRun, faultFreeRun, forkBefore } from '../../machines/faults/fault-free-run.ts';
import { violationsOf } from '../../machines/laws/index.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { type Verdict, verdictOf } from '../../machines/paths/path.ts';
import { type History, runToEnd } from '../../machines/system/history.ts';
import { interestingSteps, storyLine } from '../../machines/system/story.ts';
import type { World } from '../../machines/system/world.ts';

/** A disk, which B drives too, and two devices that it does not. The console goes on, as in the real logs of the lab. */
const smallOptions: Partial<BoxOptions> = {
  ramBytes: 2 ** 28,
  cpus: 2,
  devices: ['disk', 'gpu', 'network-card'],
  tasks: 1,
  work: 16,
  noConsoleSuspend: true,
};

/** Several times what the longest of these runs takes. */
const stepLimit = 5_000;

export class Told {
  readonly history: History;
  readonly end: 'ended' | 'limit';

  constructor(history: History) {
    this.history = history;
    this.end = runToEnd(history, stepLimit);
  }

  get world(): World {
    return this.history.world;
  }

  get verdict(): Verdict | undefined {
    return verdictOf(this.world.actors.operator);
  }

  /** What the console showed, without stamps. */
  get console(): readonly string[] {
    return this.history.allRecords.flatMap(({ console }) => console.map(({ text }) => withoutStamp(text)));
  }

  /** Of the console the lines that tell the phases of a jump or a crash (linux.md G.1, G.2), and those of failures. */
  get markers(): readonly string[] {
    return markersIn(this.console);
  }

  /**
   * The story from the first step where an actor got this event: who, what, how it went on. Without numbers and times, and without
   * what is printed: the console is told apart.
   */
  plotFrom(event: string): readonly string[] {
    const steps = interestingSteps(this.history.allRecords);
    const first = steps.findIndex(({ turns }) => turns.some((turn) => turn.event === event));
    return steps.slice(Math.max(0, first)).map((record) =>
      storyLine(record)
        .slice(storyColumn)
        .replace(/; prints .*$/, ''),
    );
  }

  /** Names of the laws that are broken, each once. */
  get broken(): readonly string[] {
    return [...new Set(violationsOf(this.history).map(({ law }) => law))];
  }

  get ignored(): readonly string[] {
    return this.history.allRecords.flatMap(({ turns }) =>
      turns
        .filter(({ ignored }) => ignored)
        .map(({ actor, event, after }) => `${actor} in ${after}: ${event}`),
    );
  }
}

/** Number and time of a step stand before it. */
const storyColumn = 20;

/** Faults are planned in a copy of the run without them, right before the first can strike: what comes before is the same. */
export function tell(options: Partial<BoxOptions> = {}, ...faults: readonly string[]): Told {
  const base = baseOf({ ...smallOptions, ...options });
  return new Told(forkBefore(base, faults.map(faultAt)));
}

const bases = new Map<string, FaultFreeRun>();

/** A run without faults, and before which step each place is reached. */
export function baseOf(options: Partial<BoxOptions>): FaultFreeRun {
  const key = JSON.stringify(options);
  const known = bases.get(key);
  if (known) return known;
  const base = faultFreeRun(planOf(options), stepLimit, { checksShapes: true });
  bases.set(key, base);
  return base;
}

/** `device-fails@freeze:gpu` */
export function faultAt(text: string): PlannedFault {
  const [name = '', where] = text.split('@');
  return where === undefined ? { name } : { name, where };
}

export const withoutStamp = (line: string): string => line.replace(/^\[ *\d+\.\d{6}\] /, '');

const markers = [
  /^Freezing user space|^OOM killer|^Restarting tasks|^printk: Suspending|^task:/,
  /^Disabling non-boot|^Enabling non-boot|^smpboot: (CPU \d|Booting)|^CPU\d+ (is up|failed)|^Error taking|^Non-boot/,
  /^Wakeup pending|^PM: System core|: PM: /,
  /^Linux version|^Warning: |^ioremap on RAM|^Kdump: vmcore/,
  /^kexec|^load jump back|^Lockdown|^sysrq|^Kernel panic|^CPU: |^Kernel Offset|^---\[ end Kernel|^I'm in purgatory|^reboot:/,
];

/** Without what differs from machine to machine: how long it took, which build. `done.` may stand on a line of its own (log a1). */
export const markersIn = (lines: readonly string[]): readonly string[] =>
  lines
    .map(withoutStamp)
    .filter((line) => markers.some((marker) => marker.test(line)))
    .map((line) =>
      line
        .replace(/^(Linux version).*/, '$1')
        .replace(/(elapsed|after) \d+\.\d{3} seconds/, '$1 S seconds')
        .replace(/^(Restarting tasks \.\.\.).*/, '$1 done.'),
    );
