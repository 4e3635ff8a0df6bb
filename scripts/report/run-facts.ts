/** All that a report tells of a run, gathered once as plain data: the text and the JSON are two views of it. */
import { assert } from '../../kernels/assert.ts';
import { dumpPartition } from '../../kernels/executors/save-partition.ts';
import type { PassedOver } from '../../kernels/memory/given-pages.ts';
import type { Plan, PlannedFault } from '../../kernels/plan.ts';
import { committedImage } from '../../machines/laws/committed-image.ts';
import {
  digestsOfRun,
  type ExceptedPages,
  exceptedPages,
  exceptions,
  type RunDigests,
} from '../../machines/laws/excepted.ts';
import { violationsOf } from '../../machines/laws/index.ts';
import type { Violation } from '../../machines/laws/law.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { pathNamed } from '../../machines/paths/index.ts';
import { type Path, type Variant, type Verdict, verdictOf } from '../../machines/paths/path.ts';
import type { History } from '../../machines/system/history.ts';
import type { Moment, World } from '../../machines/system/world.ts';
import { bootsOfRun, type KernelBoot } from './boots-of-run.ts';
import { type ClockGap, clockGaps } from './clock-gaps.ts';
import { type Marker, markersOf } from './markers.ts';
import { type PageCounts, pageCounts } from './page-counts.ts';
import { type PhaseSpan, phasesOf } from './phases.ts';

export type ImageFacts = {
  /** Undefined: it is whole. */
  readonly damage: string | undefined;
  readonly kind: 'jump' | 'crash';
  /** Consumed: it was loaded once. */
  readonly state: 'committed' | 'consumed';
  readonly generation: number;
  /** Blocks of 4096 bytes that were written, and the length of the file with its holes. */
  readonly blocks: number;
  readonly lengthBytes: number;
  /** Where on the disk, in blocks. */
  readonly firstBlock: number;
  readonly partitionBlocks: number;
};

/** A file whose pages A had in its memory: how many stood there, and how many found their place taken. */
export type GivenFacts = {
  readonly file: string;
  readonly format: string;
  readonly digest: string;
  readonly pages: number;
  readonly passedOver: PassedOver;
};

/** A planned fault; `struckAt` is the step in which it happened, undefined when its place never came. */
export type FaultFacts = PlannedFault & { readonly struckAt: number | undefined };

export type RunFacts = {
  readonly options: BoxOptions;
  readonly plan: Plan;
  readonly path: Path;
  readonly variant: Variant;
  /** Undefined: stopped before the end. */
  readonly verdict: Verdict | undefined;
  readonly isStopped: boolean;
  readonly steps: number;
  /** Nanoseconds since power-on. */
  readonly endNs: number;
  /** When the last thing happened before the operator stopped waiting; the end, if nobody had to. */
  readonly silentSinceNs: number;
  readonly faults: readonly FaultFacts[];
  /** Types of what A ordered: places where a fault would strike. */
  readonly orders: ReadonlySet<string>;
  readonly phases: readonly PhaseSpan[];
  readonly boots: readonly KernelBoot[];
  readonly gaps: readonly ClockGap[];
  /** How A left last; what the counts below are of. Undefined: it never did, and they are of the end. */
  readonly leftBy: 'jump' | 'crash' | undefined;
  readonly pages: PageCounts;
  readonly memory: RunDigests;
  /** What A had in its memory from a file; undefined: nothing. */
  readonly given: GivenFacts | undefined;
  readonly excepted: readonly (ExceptedPages & { readonly why: string })[];
  readonly image: ImageFacts | undefined;
  readonly markers: readonly Marker[];
  readonly violations: readonly Violation[];
};

export function runFacts(history: History, options: BoxOptions, isStopped: boolean): RunFacts {
  const { rules, world, allRecords: records } = history;
  const { plan } = rules;
  const path = pathNamed(plan.path);
  const variant = path?.variants.find(({ name }) => name === plan.variant);
  assert(path !== undefined && variant !== undefined, 'run-facts: a plan names a registered path');
  const verdict = verdictOf(world.actors.operator);
  const endNs = records.at(-1)?.nowNs ?? 0;
  const committed = committedImage(rules, world);
  const saved = committed.type === 'image.none' ? undefined : committed.saved;
  const { by: leftBy, moment } = leavingOf(world);
  return {
    options,
    plan,
    path,
    variant,
    verdict,
    isStopped,
    steps: records.length,
    endNs,
    silentSinceNs: verdict === 'hung' ? (records.at(-2)?.nowNs ?? endNs) : endNs,
    faults: faultFacts(history),
    orders: new Set(
      records.flatMap(({ commands }) =>
        commands.filter(({ by }) => by === 'original').map(({ type }) => type),
      ),
    ),
    phases: phasesOf(rules, records),
    boots: bootsOfRun(history),
    gaps: clockGaps(worldsOf(history), 'original'),
    leftBy,
    pages: pageCounts(momentView(rules, moment), saved, leftBy !== undefined),
    memory: digestsOfRun(rules, world),
    given: givenFacts(options, plan),
    excepted: exceptedIn(history),
    image: saved && {
      damage: committed.type === 'image.broken' ? committed.reason : undefined,
      kind: saved.commit.kind,
      state: saved.commit.state,
      generation: saved.commit.generation,
      blocks: saved.commit.blockCount,
      lengthBytes: saved.commit.lengthBytes,
      firstBlock: dumpPartition(rules).start,
      partitionBlocks: dumpPartition(rules).count,
    },
    markers: markersOf(rules, records),
    violations: violationsOf(history),
  };
}

function givenFacts({ memory: option }: BoxOptions, { memory }: Plan): GivenFacts | undefined {
  if (option === undefined || memory === null) return undefined;
  const { file, format, pages } = option;
  const { takenCount, passedOver } = memory;
  return { file, format, digest: pages.digest, pages: takenCount, passedOver };
}

function faultFacts(history: History): readonly FaultFacts[] {
  return history.rules.plan.faults.map((fault, index) => {
    for (let position = 1; position <= history.length; position += 1) {
      const { step, machine } = history.worldAt(position);
      if (machine.strikes[index]?.struck) return { ...fault, struckAt: step };
    }
    return { ...fault, struckAt: undefined };
  });
}

export function* worldsOf(history: History): Generator<World> {
  for (let position = 0; position <= history.length; position += 1) yield history.worldAt(position);
}

type Leaving = {
  readonly by: 'jump' | 'crash' | undefined;
  readonly moment: Pick<Moment, 'machine' | 'memory' | 'medium'>;
};

/** What an image is of: A as it left, or as it crashed; without either, as it is at the end. */
function leavingOf(world: World): Leaving {
  const { 'jump.left/original': left, 'crash.left/original': crashed } = world.kept;
  if (left !== undefined) return { by: 'jump', moment: left };
  return crashed === undefined ? { by: undefined, moment: world } : { by: 'crash', moment: crashed };
}

function exceptedIn({ rules, world }: History): RunFacts['excepted'] {
  const loaded = world.kept['image.loaded/original'];
  if (loaded === undefined) return [];
  return exceptedPages(rules, loaded).map(({ name, pages }) => {
    return { name, pages, why: exceptions.find((each) => each.name === name)?.why ?? '' };
  });
}
