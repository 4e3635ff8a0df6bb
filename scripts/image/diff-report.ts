/** What `kjump image diff` found, gathered into runs of the same kind and owner. */
import type { DifferenceKind } from '../../image/diff-images.ts';
import type { Pfn } from '../../image/pfn.ts';
import type { ImageInput } from './image-input.ts';

export type OwnedRun = {
  readonly startPfn: Pfn;
  readonly count: number;
  readonly kind: DifferenceKind;
  readonly owner: string;
};

/** Runs beyond these many are only counted, in JSON and in text. */
const keptRuns = 10_000;
const shownRuns = 40;

const kindTexts: Readonly<Record<DifferenceKind, string>> = {
  onlyFirst: 'only in the first',
  onlySecond: 'only in the second',
  different: 'different',
  damaged: 'damaged in one of them',
};

export class DiffReport {
  samePages = 0;
  readonly #runs: { startPfn: Pfn; count: number; kind: DifferenceKind; owner: string }[] = [];
  readonly #pages: Record<DifferenceKind, number> = { onlyFirst: 0, onlySecond: 0, different: 0, damaged: 0 };
  readonly #owners: Record<string, number> = {};

  get isSame(): boolean {
    return Object.values(this.#pages).every((count) => count === 0);
  }

  add({ startPfn, count, kind, owner }: OwnedRun): void {
    this.#pages[kind] += count;
    this.#owners[owner] = (this.#owners[owner] ?? 0) + count;
    const last = this.#runs.at(-1);
    const goesOn = last?.kind === kind && last.owner === owner && last.startPfn + last.count === startPfn;
    if (last !== undefined && goesOn) last.count += count;
    else if (this.#runs.length < keptRuns) this.#runs.push({ startPfn, count, kind, owner });
  }

  json(first: ImageInput, second: ImageInput): unknown {
    return {
      formats: [first.format.name, second.format.name],
      same: this.isSame,
      pages: { same: this.samePages, ...this.#pages },
      owners: this.#owners,
      runs: this.#runs,
      problems: [...first.contents.problems, ...second.contents.problems],
    };
  }

  text(first: ImageInput, second: ImageInput): string {
    const shown = this.#runs.slice(0, shownRuns);
    const more = this.#runs.length - shown.length;
    return [
      `${first.path} (${first.format.name}) and ${second.path} (${second.format.name})`,
      `${String(this.samePages).padStart(12)}  the same`,
      ...Object.entries(this.#pages).map(
        ([kind, count]) => `${String(count).padStart(12)}  ${kindTexts[kind as DifferenceKind]}`,
      ),
      ...(this.isSame ? [] : [`owners: ${this.#ownersText()}`]),
      ...shown.map(runText),
      ...(more > 0 ? [`  and ${more} more runs (--json has up to ${keptRuns})`] : []),
      '',
    ].join('\n');
  }

  #ownersText(): string {
    return Object.entries(this.#owners)
      .sort(([, one], [, other]) => other - one)
      .map(([owner, count]) => `${owner} ${count}`)
      .join(', ');
  }
}

const runText = ({ startPfn, count, kind, owner }: OwnedRun): string =>
  `  0x${startPfn.toString(16)}${count === 1 ? '' : `-0x${(startPfn + count - 1).toString(16)}`}  ${kindTexts[kind]}, ${owner}`;
