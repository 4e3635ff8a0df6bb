/** One page for each variant of a kexec jump: what it shows is what the commands beside it print today. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kexecJump } from '../../machines/paths/kexec-jump.ts';
import { freshPage } from '../../scripts/pages/fresh-page.ts';
import { rootFolder } from '../architecture/source-files.ts';
import { kjump as inMemory } from '../scripts/memory-io.ts';

const folder = join(rootFolder, 'machines/paths/pages');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const pages = kexecJump.variants.map(({ name }) => `${name}.md`);

async function kjump(command: string): Promise<string> {
  const { code, stdout, stderr } = await inMemory(command.split(' '));
  expect({ command, stderr, isWell: code < 2 }).toEqual({ command, stderr: '', isWell: true });
  return stdout;
}

describe('the pages', () => {
  it('are one for each variant, and the README leads to them', () => {
    expect(
      readdirSync(folder)
        .filter((name) => name.endsWith('.md'))
        .sort(),
    ).toEqual([...pages].sort());
    const readme = readFileSync(join(rootFolder, 'README.md'), 'utf8');
    for (const page of pages) expect(readme).toContain(`machines/paths/pages/${page}`);
  });

  it.each(pages)('%s shows what its commands give', async (page) => {
    const fresh = await freshPage(read(page), kjump);
    expect(fresh.text).toBe(read(page));
    expect(fresh.pictures.size).toBeGreaterThanOrEqual(3);
    for (const [file, content] of fresh.pictures) {
      expect(existsSync(join(folder, file)), `${file}: npm run pages makes it`).toBe(true);
      expect(read(file) === content, `${file} is as its command makes it today: npm run pages`).toBe(true);
    }
  });

  it('have no picture that no page shows', () => {
    const shown = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\(([\w.-]+\.svg)\)/g)].map(([, file]) => file),
    );
    expect(
      readdirSync(folder)
        .filter((name) => name.endsWith('.svg'))
        .sort(),
    ).toEqual([...shown].sort());
  });
});
