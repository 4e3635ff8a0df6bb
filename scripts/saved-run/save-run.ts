/**
 * Saves a run to a folder of its own:
 *
 *   dmesg-a.txt, dmesg-b.txt   each kernel's log as it was when that kernel last executed
 *   console.txt                what the serial line showed
 *   vmcore.elf                 the image that B committed, with its holes; only when there is one
 *   trace.ndjson               trace.ts; written last: a folder is a saved run once it has its trace
 *
 * Promises: never a file by halves; a folder that holds anything but a saved run of ours is refused before the run begins; a
 * terabyte of holes costs nothing.
 */
import { join } from 'node:path';
import type { Source } from '../../image/sink.ts';
import { formatDmesg } from '../../kernels/linux/format-dmesg.ts';
import { recordsOf } from '../../kernels/linux/printk.ts';
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import { committedImage } from '../../machines/laws/committed-image.ts';
import { momentView } from '../../machines/laws/moment-view.ts';
import type { BoxOptions } from '../../machines/options/box-options.ts';
import { verdictOf } from '../../machines/paths/path.ts';
import type { History } from '../../machines/system/history.ts';
import type { Moment } from '../../machines/system/world.ts';
import { type Files, writeText } from '../cli/files.ts';
import { InputError } from '../cli/input-error.ts';
import { planDigest, type TraceHeader, traceFormat, traceLines, traceName } from './trace.ts';

/** Of every kernel that a box can have. */
const dmesgNames: Readonly<Record<KernelName, string>> = {
  original: 'dmesg-a.txt',
  dump: 'dmesg-b.txt',
  restore: 'dmesg-c.txt',
};
const consoleName = 'console.txt';
const imageName = 'vmcore.elf';
/** What a saved run may consist of: with it, a folder is ours to write again. */
const knownNames = [
  ...Object.values(dmesgNames),
  consoleName,
  imageName,
  'vmcore.kdump',
  'swap.img',
  'report.html',
];

export type RunToSave = {
  readonly history: History;
  readonly options: BoxOptions;
  readonly isStopped: boolean;
};

/** Makes the folder; throws unless it is new, empty, or a saved run of ours. */
export function prepareFolder(folder: string, files: Files): void {
  checkFolder(folder, files);
  files.makeFolder(folder);
}

function checkFolder(folder: string, files: Files): void {
  const kind = files.kindOf(folder);
  if (kind === undefined) return;
  const taken = (found: string): InputError =>
    new InputError('folder.taken', {
      where: folder,
      expected: 'a new or empty folder, or a saved run',
      found,
    });
  if (kind === 'file') throw taken('a file');
  const names = files.namesIn(folder);
  if (names.length === 0) return;
  const stranger = names.find((name) => name !== traceName && !knownNames.includes(name));
  if (stranger !== undefined) throw taken(`${stranger} in it`);
  if (!names.includes(traceName)) throw taken(`no ${traceName} beside ${names[0]}`);
  const [first = ''] = files.read(join(folder, traceName)).split('\n', 1);
  if (!first.startsWith(`{"format":"${traceFormat}"`)) throw taken(`a ${traceName} that is not ours`);
}

/** The paths that were written. The folder was prepared before the run. */
export function saveRun(folder: string, run: RunToSave, files: Files, version: string): readonly string[] {
  const { history } = run;
  for (const name of [traceName, ...knownNames]) {
    if (files.kindOf(join(folder, name)) === 'file') files.remove(join(folder, name));
  }
  const written: string[] = [];
  const text = (name: string, content: string): void => {
    written.push(join(folder, name));
    writeText(files, join(folder, name), content);
  };
  for (const [kernel, moment] of lastMoments(history)) {
    text(dmesgNames[kernel], formatDmesg(recordsOf(momentView(history.rules, moment), kernel)));
  }
  const lines = history.allRecords.flatMap((record) => record.console.map((line) => `${line.text}\n`));
  text(consoleName, lines.join(''));
  const image = committedImage(history.rules, history.world);
  if (image.type !== 'image.none') {
    written.push(join(folder, imageName));
    copyWithHoles(files, join(folder, imageName), image.saved.data);
  }
  text(traceName, traceText(run, version));
  return written;
}

export const traceText = (run: RunToSave, version: string): string =>
  [...traceLines(headerOf(run, version), run.history.allRecords)].join('');

const headerOf = ({ history, options, isStopped }: RunToSave, version: string): TraceHeader => ({
  format: traceFormat,
  version,
  options,
  plan: planDigest(history.rules.plan),
  steps: history.length,
  isStopped,
  verdict: verdictOf(history.world.actors.operator) ?? 'none',
  picks: history.answers(),
});

/**
 * For each kernel that ever ran, the moment when it last executed: its log is whole there, whoever writes over it later. A kernel that
 * jumps prints its last lines in the step in which it leaves, so that moment is the one that the runner kept.
 */
function lastMoments(history: History): ReadonlyMap<KernelName, Moment> {
  const moments = new Map<KernelName, Moment>();
  for (const kernel of kernelNames) {
    const { kept } = history.world;
    const crashed = kept[`crash.left/${kernel}`];
    // What boots after a crash has a log of its own; the one that was dumped is that of the kernel that died.
    if (crashed !== undefined) {
      moments.set(kernel, crashed);
      continue;
    }
    const left = kept[`jump.left/${kernel}`];
    const last = [...(left ? [left] : []), ...lastWorldOf(history, kernel)].sort(
      (one, other) => other.nowNs - one.nowNs,
    )[0];
    if (last !== undefined && last.machine.kernels[kernel].logged > 0) moments.set(kernel, last);
  }
  return moments;
}

function lastWorldOf(history: History, kernel: KernelName): readonly Moment[] {
  for (let position = history.length; position >= 0; position -= 1) {
    const { machine, memory, medium, clock } = history.worldAt(position);
    if (machine.owner === kernel) return [{ machine, memory, medium, nowNs: clock.nowNs }];
  }
  return [];
}

/** Bytes copied at once. */
const chunkBytes = 2 ** 20;

function copyWithHoles(files: Files, path: string, source: Source): void {
  files.write(path, (file) => {
    for (const { offset, length } of source.dataStretches?.() ?? [{ offset: 0, length: source.length }]) {
      for (let done = 0; done < length; done += chunkBytes) {
        file.writeAt(offset + done, source.readAt(offset + done, Math.min(chunkBytes, length - done)));
      }
    }
    file.setLength(source.length);
  });
}
