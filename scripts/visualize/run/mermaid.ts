/**
 * A run as a Mermaid sequence diagram (mermaid.js.org/syntax/sequenceDiagram.html), for pages that draw it.
 *
 * Phases are `rect` bands, gaps and log lines are notes, a change of control is a solid arrow with a note over both. Times stand
 * before each text, because Mermaid has no time axis. Leaves out: the clocks of the kernels, and who executes.
 */
import { durationText } from './duration-text.ts';
import { labelText } from './label-text.ts';
import { executorTitle } from './lifelines.ts';
import type { Happening, Lifeline, LifelineId, Row, Sequence } from './sequence.ts';

export function sequenceMermaid({ title, lifelines, rows }: Sequence): string {
  const drawer = new Drawer(lifelines);
  for (const row of rows) drawer.row(row);
  return `${[
    '---',
    `title: ${JSON.stringify(title)}`,
    '---',
    'sequenceDiagram',
    ...lifelines.map(({ id, title: name }) => `  participant ${nameOf(id)} as ${escaped(name)}`),
    ...drawer.end(),
  ].join('\n')}\n`;
}

/** Grey with little opacity: a band on light and on dark ground. */
const bandColours = ['rgba(128, 144, 160, 0.16)', 'rgba(128, 144, 160, 0.06)'];

class Drawer {
  private readonly lines: string[] = [];
  private readonly first: string;
  private readonly everybody: string;
  private bandCount = 0;
  private isOpen = false;

  constructor(lifelines: readonly Lifeline[]) {
    const [first = '', ...rest] = lifelines.map(({ id }) => nameOf(id));
    this.first = first;
    this.everybody = `${first},${rest.at(-1) ?? first}`;
  }

  row(row: Row): void {
    if (row.kind === 'band') {
      this.closeBand();
      this.isOpen = true;
      this.lines.push(`  rect ${bandColours[this.bandCount % bandColours.length]}`);
      this.bandCount += 1;
      this.note(this.everybody, `${row.phase} · ${executorTitle[row.of]}`);
    } else if (row.kind === 'gap')
      this.lines.push(`    Note left of ${this.first}: ⋮ ${durationText(row.ns)}`);
    else this.happening(row);
  }

  end(): readonly string[] {
    this.closeBand();
    return this.lines;
  }

  private happening(happening: Happening): void {
    const { kind, from, to, startNs } = happening;
    const text =
      kind === 'line' ? labelText(happening) : `${(startNs / 1e9).toFixed(6)} ${labelText(happening)}`;
    const ends = to.filter((id) => id !== from);
    if (ends.length === 0) this.note(nameOf(from), text);
    for (const end of ends) {
      const arrow = kind === 'answer' ? '-->>' : '->>';
      this.lines.push(`    ${nameOf(from)}${arrow}${nameOf(end)}: ${escaped(text)}`);
      if (kind === 'control') this.note(`${nameOf(from)},${nameOf(end)}`, 'the machine changes hands');
    }
  }

  private note(over: string, text: string): void {
    this.lines.push(`    Note over ${over}: ${escaped(text)}`);
  }

  private closeBand(): void {
    if (this.isOpen) this.lines.push('  end');
    this.isOpen = false;
  }
}

/** Names of participants are words; `end` would close a band, and none of ours is that. */
const nameOf = (id: LifelineId): string => id.replaceAll(/[^\w]/g, '_');

/** A semicolon ends a statement and a hash begins an entity; angle brackets would be markup. */
const escaped = (text: string): string =>
  text.replaceAll(/[#;<>]/g, (character) => `#${character.codePointAt(0) ?? 0};`);
