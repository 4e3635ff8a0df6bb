import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { needs } from '../kit/needs.ts';
import { goldenLines, goldenNames } from './golden-log.ts';

test('every golden log is an excerpt of its recording: whole lines, in their order', (context) => {
  const folder = join(needs(context, 'artefacts'), 'logs');
  const files = readdirSync(folder);
  for (const name of goldenNames) {
    const file = files.find((candidate) => candidate.startsWith(`${name}-`));
    const recorded = readFileSync(join(folder, String(file)), 'utf8').split('\n');
    let from = 0;
    for (const line of goldenLines(name)) {
      const at = recorded.indexOf(line, from);
      expect(at, `${name}: ${line}`).toBeGreaterThanOrEqual(from);
      from = at + 1;
    }
  }
});
