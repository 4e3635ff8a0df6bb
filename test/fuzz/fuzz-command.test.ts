import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../scripts/cli/parse.ts';
import { fuzz } from '../../scripts/fuzz/fuzz.ts';
import { fuzzHelp, fuzzTable } from '../../scripts/fuzz/options.ts';
import { fuzzTargets } from '../../scripts/fuzz/targets.ts';
import { type MemoryIo, memoryIo } from '../scripts/memory-io.ts';
import { badInput, fuzzTargets as badTargets } from './bad-targets.ts';

const bad = { targets: badTargets, targetsUrl: new URL('bad-targets.ts', import.meta.url).href };

async function run(args: string, registry = {}, memory: MemoryIo = memoryIo()) {
  const { values } = parseOptions(fuzzTable, args.split(' '));
  const code = await fuzz(values, memory.io, { targets: fuzzTargets, ...registry });
  return { code, out: memory.stdout(), err: memory.stderr(), files: [...memory.files.keys()] };
}

describe('npm run fuzz', () => {
  it('exits 0 when nothing is found, and says what was refused with which code', async () => {
    const { code, out, err, files } = await run('--target none-pack,lz4-unpack --count 300');
    expect(out).toMatch(
      /\nlz4-unpack +300 inputs, \d+ taken, 0 findings; refused: codec\.ends-early \d+, codec\./,
    );
    expect(out).toMatch(/^none-pack +300 inputs, 300 taken, 0 findings\n/);
    expect({ code, err, files }).toEqual({ code: 0, err: '', files: [] });
  });

  it('exits 1 when something is found, and saves the input', async () => {
    const { code, out, err, files } = await run('--target throws --count 9 --save found', bad);
    expect(out).toContain(`input ${badInput}: error: TypeError: not a typed error\n`);
    expect(err).toContain(`again: --target throws --input found/throws-1-${badInput}.bin`);
    expect({ code, files }).toEqual({ code: 1, files: [`found/throws-1-${badInput}.bin`] });
  });

  it('finds the same again in what it saved', async () => {
    const memory = memoryIo();
    await run('--target throws --count 9 --save found', bad, memory);
    const again = await run(`--target throws --input found/throws-1-${badInput}.bin`, bad, memory);
    expect(again.code).toBe(1);
    expect(again.out).toContain('throws: TypeError: not a typed error\n');
  });

  it('says of one input whether it is taken, or how it is refused', async () => {
    const memory = memoryIo({ files: { 'some.bin': 'text' } });
    const { code, out } = await run('--target lzo-unpack --input some.bin', {}, memory);
    expect(code).toBe(0);
    expect(out).toMatch(/^lzo-unpack: ImageError: packed bytes end too early: at offset 0x/);
  });

  it('gives the result as JSON', async () => {
    const { out } = await run('--target snappy-pack --count 10 --from 5 --seed 3 --json');
    expect(JSON.parse(out)).toEqual({
      seed: 3,
      from: 5,
      count: 10,
      results: [{ target: 'snappy-pack', inputs: 10, taken: 10, refused: {}, findings: [] }],
    });
  });

  it('shows how far it is on a terminal only', async () => {
    const { err } = await run('--target none-pack --count 20000', {}, memoryIo({ isTerminal: true }));
    expect(err).toMatch(/none-pack: input \d+ of 20000/);
  });

  it('counts flips for each range of a format', async () => {
    const { out } = await run('--flips --target vmcore-elf,kdump-compressed --count 1');
    expect(out).toMatch(
      /codec \w+\n {2}(checked|structural|unprotected): .+: \d+ noticed, \d+ harmless, \d+ told, \d+ unnoticed, \d+ failed/,
    );
  });

  it('lists its targets', async () => {
    const { out } = await run('--list');
    expect(out.split('\n')).toEqual([...fuzzTargets.map(({ name }) => name), '']);
  });

  it('refuses a target that is not there, and an input without a target', async () => {
    await expect(run('--target no-such')).rejects.toThrow(
      /--target: expected some of none-unpack, .*found no-such/,
    );
    await expect(run('--input some.bin')).rejects.toThrow(/--input: expected one --target with it/);
  });

  it('explains every option', () => {
    for (const option of Object.keys(fuzzTable)) expect(fuzzHelp(80)).toContain(`  --${option}`);
  });
});
