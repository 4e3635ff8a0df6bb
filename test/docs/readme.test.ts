/**
 * The README cannot rot: its console blocks are run in process and compared, a line `…` standing for any lines; its TypeScript is cut
 * from a test, between `docs:start NAME` and `docs:end`. Every command it names in a table is run as well.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { main } from '../../scripts/cli/main.ts';
import { rootFolder } from '../architecture/source-files.ts';
import { memoryIo } from '../scripts/memory-io.ts';

const readme = readFileSync(join(rootFolder, 'README.md'), 'utf8');

type Example = { readonly command: string; readonly expected: string };

function blocksOf(language: string): readonly string[] {
  return [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1] ?? '',
  );
}

const examples: readonly Example[] = blocksOf('console').flatMap((block) =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.split('\n');
      return { command, expected: lines.join('\n').trimEnd() };
    }),
);

/** What stands in backquotes after `kjump` in the tables and in the text, alternatives and names in capitals apart. */
const named = [...readme.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/`kjump ([^`|]+)`/g)]
  .map((match) => match[1] ?? '')
  .filter((command) => !/[A-Z]{3,}/.test(command));

async function kjump(command: string) {
  const world = memoryIo();
  const exitCode = await main(
    command.split(' ').filter((word) => word !== ''),
    world.io,
  );
  return { exitCode, stdout: world.stdout(), stderr: world.stderr() };
}

/** The lines before, between and behind the elisions occur in this order. */
function expectLike(output: string, expected: string): void {
  const pieces = expected.split(/^…$/m).map((piece) => piece.replace(/^\n/, '').replace(/\n$/, ''));
  let rest = output.trimEnd();
  for (const piece of pieces) {
    const at = rest.indexOf(piece);
    expect(at, `"${piece}" in\n${rest}`).toBeGreaterThanOrEqual(0);
    rest = rest.slice(at + piece.length);
  }
  expect(rest, 'nothing is left out at the end').toBe('');
}

describe('README', () => {
  it('shows examples', () => {
    expect(examples.length).toBeGreaterThan(2);
    expect(named.length).toBeGreaterThan(5);
  });

  it.each(examples)('shows what is printed: kjump $command', async ({ command, expected }) => {
    const { stdout, stderr } = await kjump(command.replace(/^kjump /, ''));
    expect(stderr).toBe('');
    expectLike(stdout, expected);
  });

  it.each(named)('names a command that works: kjump %s', async (command) => {
    const { stderr, exitCode } = await kjump(command);
    expect(stderr).toBe('');
    expect(exitCode).toBeLessThan(2);
  });

  it('shows a test that is one', () => {
    const [shown] = blocksOf('ts');
    const source = readFileSync(join(rootFolder, 'test/docs/testing-example.test.ts'), 'utf8');
    const between = /\/\/ docs:start testing-kit\n([\s\S]*?)\/\/ docs:end/.exec(source)?.[1] ?? '';
    const outside = between.replaceAll(/'\.\.\/kit\/testing\.ts'/g, "'kexec-jump/testing'");
    expect(shown).toBe(outside.trimEnd() === '' ? 'no example' : `${outside.trimEnd()}\n`);
  });

  it('names files that exist', () => {
    for (const [, name = ''] of readme.matchAll(/`((?:machines|kernels|image|scripts|test)\/[\w./-]+)`/g)) {
      expect(existsSync(join(rootFolder, name)), name).toBe(true);
    }
    const architecture = readFileSync(join(rootFolder, 'ARCHITECTURE.md'), 'utf8');
    const paths = [...architecture.matchAll(/`((?:machines|kernels|image|scripts|test)\/[\w./-]+)`/g)].map(
      (match) => match[1] ?? '',
    );
    for (const path of paths.filter((each) => !/NAME/.test(each)))
      expect(existsSync(join(rootFolder, path)), path).toBe(true);
  });
});
