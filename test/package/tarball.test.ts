/** The package as somebody else installs it: packed, unpacked into a node_modules of its own, run and imported. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rootFolder } from '../architecture/source-files.ts';
import { run } from '../kit/needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'kjump-package-'));
const modules = join(folder, 'node_modules');
const installed = join(modules, 'kexec-jump');

beforeAll(() => {
  const packed = run('npm', ['pack', '--pack-destination', folder, '--prefix', rootFolder, rootFolder]);
  expect(packed.status, packed.stderr).toBe(0);
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'));
  mkdirSync(installed, { recursive: true });
  const unpacked = run('tar', ['-xzf', join(folder, tarball ?? ''), '-C', installed, '--strip-components=1']);
  expect(unpacked.status, unpacked.stderr).toBe(0);
  // What npm would fetch: the packages it depends on.
  mkdirSync(join(modules, '@bokuweb'));
  for (const name of ['xstate', 'immer', '@bokuweb/zstd-wasm'])
    symlinkSync(join(rootFolder, 'node_modules', name), join(modules, name), 'dir');
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function node(...argumentList: string[]) {
  return run(process.execPath, argumentList);
}

describe('the packed tarball, installed elsewhere', () => {
  it('gives the command kjump', () => {
    const { status, stdout, stderr } = node(join(installed, 'dist/scripts/kjump.js'), 'run', '--ram', '256M');
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('verdict: restored');
    expect(status).toBe(0);
  });

  it('gives the test kit', () => {
    const script = join(folder, 'kit.js');
    writeFileSync(
      script,
      `import { box } from 'kexec-jump/testing';
       const machine = box({ ramBytes: 2 ** 28 }).until('original kexec.leaving');
       console.log(machine.state('original'), machine.back(1).isIn('original kexec.leaving'), typeof machine.fork);`,
    );
    const { stdout, stderr } = node(script);
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe('kexec.leaving false function');
  });

  it('gives the charts as plain XState machines', () => {
    const script = join(folder, 'charts.js');
    writeFileSync(
      script,
      `import { initialTransition } from 'xstate';
       import { charts } from 'kexec-jump/charts';
       console.log(Object.entries(charts).map(([name, machine]) => name + ' ' + JSON.stringify(initialTransition(machine)[0].value)).join(', '));`,
    );
    const { stdout, stderr } = node(script);
    expect(stderr).toBe('');
    expect(stdout.trim()).toBe(
      [
        'original "off", dump "absent", restore "absent", device "active", firmware "off", kexec-jump "idle"',
        'kexec-jump-again "idle", kexec-jump-rounds "idle", kexec-jump-hibernate "idle", kexec-jump-kept-b "idle"',
        'kdump "idle", plain-kexec "idle", none "idle"',
      ].join(', '),
    );
  });

  it('carries types beside its code, and no tests', () => {
    const files = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
    expect(files).toContain(join('test', 'kit', 'testing.d.ts'));
    expect(files).toContain(join('machines', 'charts.d.ts'));
    expect(files.filter((name) => name.endsWith('.test.js'))).toEqual([]);
  });
});
