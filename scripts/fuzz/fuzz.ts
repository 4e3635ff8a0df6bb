/** Fuzzing as the options ask for it: campaigns in threads, flips, one input out of a file, or the list of targets. */
import { join } from 'node:path';
import { ImageError } from '../../image/image-error.ts';
import { readBounded } from '../../image/sink.ts';
import { OptionError } from '../../machines/options/option-error.ts';
import { exitCodes, type Io } from '../cli/io.ts';
import type { ValuesOf } from '../cli/options.ts';
import { progressOn } from '../cli/progress.ts';
import { type CampaignResult, outcomeOf } from './campaign.ts';
import { type FlipResult, flipEverywhere } from './flips.ts';
import { writableFormats } from './format-targets.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutated } from './mutation.ts';
import type { fuzzTable } from './options.ts';
import { campaignText, flipText } from './report.ts';
import { fuzzTargets } from './targets.ts';
import { watchedCampaign } from './watch.ts';

export type FuzzOptions = ValuesOf<typeof fuzzTable>;

const inputsByDefault = 100_000;
/** A small image has about a hundred ranges. */
const flipsByDefault = 64;

/** Targets, and the module in which threads find them. */
export type Registry = { readonly targets: readonly FuzzTarget[]; readonly targetsUrl?: string };

export async function fuzz(
  options: FuzzOptions,
  io: Io,
  registry: Registry = { targets: fuzzTargets },
): Promise<number> {
  const unknown = options.target?.find((name) => !registry.targets.some((target) => target.name === name));
  if (unknown !== undefined) throw unknownTarget(unknown, registry);
  const targets = registry.targets.filter(({ name }) => options.target?.includes(name) ?? true);
  if (options.list) {
    const known = targets.map(({ name }) => name);
    io.out.write(options.json ? `${JSON.stringify(known)}\n` : `${known.join('\n')}\n`);
    return exitCodes.well;
  }
  if (options.input !== undefined) return oneInput(targets, options.input, io);
  return options.flips ? flips(targets, options, io) : campaigns({ ...registry, targets }, options, io);
}

type NamedResult = CampaignResult & { readonly target: string };

async function campaigns({ targets, ...where }: Registry, options: FuzzOptions, io: Io): Promise<number> {
  const plan = { seed: options.seed, from: options.from, count: options.count ?? inputsByDefault };
  const results: NamedResult[] = [];
  const progress = progressOn(io);
  for (const target of targets) {
    const onInput = (inputIndex: number): void =>
      progress.show(() => `${target.name}: input ${inputIndex - plan.from} of ${plan.count}`);
    const result = await watchedCampaign(target.name, { plan, onInput, ...where });
    progress.done();
    results.push({ target: target.name, ...result });
    if (!options.json) io.out.write(campaignText(target.name, result));
    await saveInputs(target, result, options, io);
  }
  if (options.json) io.out.write(`${JSON.stringify({ ...plan, results }, null, 2)}\n`);
  return results.some(({ findings }) => findings.length > 0) ? exitCodes.no : exitCodes.well;
}

/** Each as TARGET-SEED-NUMBER.bin: to be given again with --input. */
async function saveInputs(
  target: FuzzTarget,
  { findings }: CampaignResult,
  { seed, save = 'fuzz-findings' }: FuzzOptions,
  io: Io,
): Promise<void> {
  if (findings.length === 0) return;
  const seeds = await target.seeds();
  io.files.makeFolder(save);
  for (const { inputIndex } of findings) {
    const { bytes, changes } = mutated(seeds, seed, inputIndex);
    const path = join(save, `${target.name}-${seed}-${inputIndex}.bin`);
    io.files.write(path, (file) => file.writeAt(0, bytes));
    io.err.write(`saved ${path} (${changes.join(', ')}); again: --target ${target.name} --input ${path}\n`);
  }
}

async function flips(targets: readonly FuzzTarget[], options: FuzzOptions, io: Io): Promise<number> {
  const results: FlipResult[] = [];
  const plan = { seed: options.seed, flipsInRange: options.count ?? flipsByDefault };
  for (const format of writableFormats) {
    if (!targets.some(({ name }) => name === format.name)) continue;
    results.push(...(await flipEverywhere(format, plan)));
  }
  io.out.write(
    options.json ? `${JSON.stringify({ ...plan, results }, null, 2)}\n` : results.map(flipText).join('\n'),
  );
  return results.some(({ findings }) => findings.length > 0) ? exitCodes.no : exitCodes.well;
}

async function oneInput(targets: readonly FuzzTarget[], path: string, io: Io): Promise<number> {
  const [target] = targets;
  if (target === undefined || targets.length > 1)
    throw new OptionError('option.combination', {
      option: '--input',
      expected: 'one --target with it',
      found: `${targets.length} targets`,
    });
  const outcome = await outcomeOf(target, bytesOf(path, io));
  const isFine = outcome === undefined || outcome instanceof ImageError;
  io.out.write(`${target.name}: ${outcome === undefined ? 'taken' : String(outcome)}\n`);
  return isFine ? exitCodes.well : exitCodes.no;
}

function bytesOf(path: string, io: Io): Uint8Array {
  const source = io.files.open(path);
  try {
    return readBounded(source, 0, source.length);
  } finally {
    source.close();
  }
}

function unknownTarget(found: string, { targets }: Registry): OptionError {
  const expected = `some of ${targets.map(({ name }) => name).join(', ')}`;
  return new OptionError('option.unknown', { option: '--target', expected, found });
}
