import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { filesBelow, rootFolder } from '../architecture/source-files.ts';

it('the test kit works under node:test', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--test', '--test-reporter=tap', join(rootFolder, 'test/kit-tests/node-test.ts')],
    { encoding: 'utf8', cwd: rootFolder, env: { ...process.env, NODE_TEST_CONTEXT: undefined } },
  );
  expect(stdout).toMatch(/^# pass 2$/m);
  expect(stdout).toMatch(/^# fail 0$/m);
  expect(status).toBe(0);
});

it('the test kit needs no test runner', () => {
  const kit = filesBelow('test/kit').map((path) => readFileSync(join(rootFolder, path), 'utf8'));
  expect(kit.filter((text) => /from '(vitest|node:test|jest|@jest)/.test(text))).toEqual([]);
});
