/** `--save` and `--picks`: a run in a folder, and the same run again. */
import { describe, expect, it } from 'vitest';
import { vmcoreElf } from '../../image/formats/elf/index.ts';
import { InputError } from '../../scripts/cli/input-error.ts';
import { historyOfSaved, readSavedRun } from '../../scripts/saved-run/read.ts';
import { kjump, type MemoryIo, memoryIo, textOf } from './memory-io.ts';

/** A small box, to be quick: the way is the same. */
const small = ['--ram', '256M', '--devices', 'disk,console', '--workload', 'idle'];

async function save(...args: readonly string[]): Promise<MemoryIo> {
  const memory = memoryIo();
  await kjump(['run', ...args, '--save', 'saved'], memory);
  return memory;
}

let kept: Promise<MemoryIo> | undefined;
/** One saved run that nobody changes. */
const savedOnce = (): Promise<MemoryIo> => {
  kept ??= save(...small);
  return kept;
};

/** All files with these changed; for a test of its own. */
async function changed(edit: (trace: string) => string): Promise<MemoryIo> {
  const trace = textOf((await savedOnce()).files.get('saved/trace.ndjson'));
  return memoryIo({ files: { 'saved/trace.ndjson': edit(trace) } });
}

const fileTexts = ({ files }: MemoryIo): Record<string, string> =>
  Object.fromEntries(
    [...files].filter(([name]) => !name.endsWith('.elf')).map(([name, file]) => [name, textOf(file)]),
  );

describe('a saved run', () => {
  it('has the trace, both logs, the console and the image, and says so', async () => {
    const { files, stdout } = await savedOnce();
    const names = ['dmesg-a.txt', 'dmesg-b.txt', 'console.txt', 'vmcore.elf', 'trace.ndjson'];
    expect([...files.keys()]).toEqual(names.map((name) => `saved/${name}`));
    for (const name of names) expect(stdout()).toContain(`  saved/${name}\n`);
  });

  it('has one line for each step behind the header, and every answer that the run was given', async () => {
    const { files } = await savedOnce();
    const [header, ...steps] = textOf(files.get('saved/trace.ndjson'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(header).toMatchObject({
      format: 'kxj-trace/1',
      version: '0.0.0-test',
      steps: steps.length,
      verdict: 'restored',
    });
    expect(header.picks).toEqual(steps.flatMap(({ answers }) => answers));
    expect(steps.map(({ step }) => step)).toEqual(steps.map((_, index) => index + 1));
    expect(steps.some(({ writes }) => writes.some(({ by }: { by: string }) => by === 'dump'))).toBe(true);
  });

  it("has each kernel's log whole, from its first line to the last that it printed", async () => {
    const texts = fileTexts(await savedOnce());
    expect(texts['saved/dmesg-a.txt']).toMatch(/^\[ {4}0\.000000\] Linux version /);
    expect(texts['saved/dmesg-a.txt']).toMatch(/Restarting tasks \.\.\. done\.\n/);
    expect(texts['saved/dmesg-b.txt']).toContain('kexec_jump_back_entry=0x');
    expect(texts['saved/dmesg-b.txt']).toMatch(/Disabling non-boot CPUs \.\.\.\n$/);
    // The console of B is held back from there on, and B never comes back to let it go.
    expect(texts['saved/console.txt']?.match(/Disabling non-boot CPUs/g)).toHaveLength(1);
  });

  it('has the image as it was committed, with its holes', async () => {
    const image = (await savedOnce()).files.get('saved/vmcore.elf');
    expect(image).toBeDefined();
    if (image === undefined) return;
    // Nothing writes crash notes on the way into a jump (linux.md A1.8 row 5).
    const noRegisters = 'no NT_PRSTATUS note: the registers of no CPU are in the dump';
    expect(vmcoreElf.read(image).problems).toEqual([noRegisters]);
    const written = [...image.dataStretches()].reduce((sum, { length }) => sum + length, 0);
    expect(written).toBeLessThan(image.length / 4);
  });

  it('is saved over an older one, of which nothing stays', async () => {
    const memory = await save(...small);
    await kjump(['run', ...small, '--fault', 'kexec-busy@kexec.load', '--save', 'saved'], memory);
    expect([...memory.files.keys()].sort()).toEqual([
      'saved/console.txt',
      'saved/dmesg-a.txt',
      'saved/trace.ndjson',
    ]);
  });

  it.each([
    ['a file is no folder', { saved: 'x' }, 'a file'],
    [
      "somebody else's file is not ours",
      { 'saved/trace.ndjson': '{"format":"kxj-trace/1"}', 'saved/thesis.tex': 'x' },
      'thesis.tex in it',
    ],
    ['an image alone may be anybody’s', { 'saved/vmcore.elf': 'x' }, 'no trace.ndjson beside vmcore.elf'],
    [
      'a trace of another program is not ours',
      { 'saved/trace.ndjson': 'x' },
      'a trace.ndjson that is not ours',
    ],
  ])('is refused before anything is run or written: %s', async (_why, files, found) => {
    const memory = memoryIo({ files });
    const { code, stdout, stderr } = await kjump(['run', ...small, '--save', 'saved'], memory);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      `saved: expected a new or empty folder, or a saved run, found ${found}; give an empty or a new folder; nothing was written`,
    );
    expect(Object.fromEntries([...memory.files].map(([name, file]) => [name, textOf(file)]))).toEqual(files);
  });
});

describe('picks', () => {
  it('of a saved run give the same files again, byte for byte', async () => {
    const first = await savedOnce();
    const memory = memoryIo({ files: fileTexts(first) });
    const { code } = await kjump(['run', '--picks', 'saved', '--save', 'again'], memory);
    expect(code).toBe(0);
    for (const name of ['trace.ndjson', 'dmesg-a.txt', 'dmesg-b.txt', 'console.txt']) {
      expect(memory.io.files.read(`again/${name}`)).toBe(first.io.files.read(`saved/${name}`));
    }
  });

  it('of a saved run lead to its last world', async () => {
    const { io } = await savedOnce();
    const saved = readSavedRun('saved', io.files);
    const history = historyOfSaved(saved);
    expect(history.length).toBe(saved.steps);
    expect(history.answers()).toEqual(saved.picks);
  });

  it('of a run that was stopped end where it was stopped', async () => {
    const memory = await save(...small, '--limit', '40');
    const { code, stdout } = await kjump(['run', '--picks', 'saved/trace.ndjson', '--json'], memory);
    expect(code).toBe(3);
    expect(JSON.parse(stdout.slice(stdout.indexOf('{')))).toMatchObject({ steps: 40, isStopped: true });
  });

  it('can be a bare list beside the options of the box', async () => {
    const { picks } = readSavedRun('saved', (await savedOnce()).io.files);
    const memory = memoryIo({ files: { 'picks.json': JSON.stringify(picks) } });
    const { code } = await kjump(['run', ...small, '--picks', 'picks.json'], memory);
    expect(code).toBe(0);
  });
});

describe('a list of picks that does not fit is refused', () => {
  const list = (text: string): MemoryIo => memoryIo({ files: { 'picks.json': text } });
  const header = (edit: (header: Record<string, unknown>) => void) => (trace: string) => {
    const [first = '', ...rest] = trace.split('\n');
    const parsed = JSON.parse(first);
    edit(parsed);
    return [JSON.stringify(parsed), ...rest].join('\n');
  };

  async function complaint(memory: MemoryIo, ...args: readonly string[]): Promise<string> {
    const { code, stderr } = await kjump(['run', ...args], memory);
    expect(code).toBe(2);
    return stderr.split('\n')[0]?.replace('kjump run: ', '') ?? '';
  }

  it.each([
    ['[0,', 'expected a JSON list of whole numbers, found no JSON'],
    ['[0,-1]', 'expected a JSON list of whole numbers, found -1 at place 1'],
    ['[0,"x"]', 'expected a JSON list of whole numbers, found "x" at place 1'],
    ['[0,1,1]', 'expected an answer to "what happens next", the question 4, found the end after 3 answers'],
    ['[99]', 'expected an answer below 2 to "what happens next", the question 1, found 99'],
    ['once', 'expected a first line with the format "kxj-trace/1", found once'],
    ['', 'expected a first line with the format "kxj-trace/1", found nothing'],
  ])('%j', async (text, message) => {
    expect(await complaint(list(text), ...small, '--picks', 'picks.json')).toContain(
      `picks.json: ${message}; `,
    );
  });

  it('when it has more answers than the run has questions', async () => {
    const { picks } = readSavedRun('saved', (await savedOnce()).io.files);
    const memory = list(JSON.stringify([...picks, 0, 0]));
    expect(await complaint(memory, ...small, '--picks', 'picks.json')).toMatch(/found 2 more answers; /);
  });

  it('when options make another box of it', async () => {
    const { io } = await savedOnce();
    const memory = memoryIo({ files: { 'saved/trace.ndjson': io.files.read('saved/trace.ndjson') } });
    expect(await complaint(memory, '--picks', 'saved', '--cpus', '4')).toMatch(/leave the options out/);
  });

  it('when this version makes another box of the same options', async () => {
    const memory = await changed(header((fields) => Object.assign(fields, { plan: 'another' })));
    expect(() => historyOfSaved(readSavedRun('saved', memory.io.files))).toThrow(/digest another/);
  });

  it.each([
    ['plan', 1, 'a digest of the plan, found 1'],
    ['steps', -1, 'the number of steps, found -1'],
    ['isStopped', 'no', 'whether the run was stopped, found "no"'],
    ['picks', [0.5], 'the list of picks, found [0.5]'],
    ['options', { cpus: 'two' }, 'the options of a box, found {"cpus":"two"}'],
    ['options', { faults: [{}] }, 'the options of a box, found {"faults":[{}]}'],
    ['options', { turbo: true }, 'the options of a box, found {"turbo":true}'],
  ])('when its header has a bad %s', async (field, value, message) => {
    const memory = await changed(header((fields) => Object.assign(fields, { [field]: value })));
    expect(await complaint(memory, '--picks', 'saved')).toContain(
      `saved/trace.ndjson: expected ${message}; `,
    );
  });

  it('as an error that other programs can tell by its code', async () => {
    const memory = list('[99]');
    expect(() => readSavedRun('nowhere', memory.io.files)).toThrow(InputError);
    expect(() => readSavedRun('nowhere', memory.io.files)).toThrow(
      expect.objectContaining({ code: 'file.missing' }),
    );
  });
});
