import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { diskFiles } from '../../scripts/cli/disk-files.ts';
import { main } from '../../scripts/cli/main.ts';
import { needs, run } from '../kit/needs.ts';
import { memoryIo } from '../scripts/memory-io.ts';
import { type RecordedName, recordedImages } from './recorded-image.ts';

const recorded = recordedImages();
afterAll(recorded.close);

type Outcome = { readonly code: number; readonly stdout: string; readonly stderr: string };

/** On real files, without threads: those have a test of their own. */
async function image(...args: readonly string[]): Promise<Outcome> {
  const memory = memoryIo();
  const code = await main(['image', ...args], { ...memory.io, files: diskFiles });
  return { code, stdout: memory.stdout(), stderr: memory.stderr() };
}

async function imageJson(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly json: Told }> {
  const { code, stdout } = await image(...args, '--json');
  // Every verb prints one JSON value; which fields it has is what the tests ask.
  return { code, json: JSON.parse(stdout) as Told };
}

type Told = Readonly<Record<string, unknown>>;

const noThreads = ['--threads', '0'] as const;

function dmesgOf(context: TestContext, dump: string): string {
  const makedumpfile = needs(context, 'makedumpfile');
  const log = `${dump}.dmesg`;
  const { status, stderr } = run(makedumpfile, ['--dump-dmesg', '-f', dump, log]);
  expect(status, stderr).toBe(0);
  return readFileSync(log, 'latin1');
}

const hibernated: readonly (readonly [name: RecordedName, pages: number])[] = [
  ['c1-swsusp-lzo.swap.img', 9857],
  ['c2-nocompress.swap.img', 9860],
  ['c3-swsusp-lz4.swap.img', 9857],
  ['d1-uswsusp.img', 7941],
];

describe('a hibernation image', () => {
  it.for(hibernated)(
    '%s becomes a dump whose log makedumpfile prints as we do',
    async ([name, pages], context) => {
      const path = recorded.path(context, name);
      const log = recorded.newPath(`${name}.log`);
      expect((await image('extract', path, '--log', '--out', log, ...noThreads)).code).toBe(0);
      for (const to of ['vmcore-elf', 'kdump-compressed']) {
        const dump = recorded.newPath(`${name}.${to}`);
        const { code, json } = await imageJson('convert', path, dump, '--to', to, ...noThreads);
        expect(code).toBe(0);
        expect(json).toMatchObject({ pages, problems: [], lost: [] });
        expect(json['notes']).toEqual([
          expect.stringMatching(/^VMCOREINFO was found in the saved memory at 0x[0-9a-f]+$/),
          expect.stringContaining('the registers are those of the saved context'),
        ]);
        expect(dmesgOf(context, dump)).toBe(readFileSync(log, 'latin1'));
        expect(readFileSync(log, 'latin1')).toContain('PM: hibernation: ');
        const { json: difference } = await imageJson('diff', path, dump, ...noThreads);
        expect(difference).toMatchObject({ same: true, pages: { same: pages } });
      }
    },
  );

  it('shows gdb where the kernel stood when it saved itself', (context) => {
    const gdb = needs(context, 'gdb');
    recorded.path(context, 'c1-swsusp-lzo.swap.img');
    const dump = recorded.newPath('c1-swsusp-lzo.swap.img.vmcore-elf');
    const told = run(gdb, [
      '-batch',
      '-c',
      dump,
      '-ex',
      'x/1i $pc',
      '-ex',
      'x/1i $pc-5',
      '-ex',
      'x/s 0xffffffff81e36900',
    ]);
    // The instruction before is the call of swsusp_arch_suspend; init_uts_ns begins with the name of the system.
    expect(told.stdout).toMatch(/=> 0xffffffff810[0-9a-f]+:\s+mov +%eax,%r12d/);
    expect(told.stdout).toMatch(/0xffffffff810[0-9a-f]+:\s+call +0xffffffff813d[0-9a-f]+/);
    expect(told.stdout).toContain('"Linux"');
  });
});

describe('the recorded dump', () => {
  it('filtered and packed by us equals what makedumpfile made of it, page for page', async (context) => {
    const path = recorded.path(context, 'b2-vmcore.elf');
    const theirs = recorded.path(context, 'b2-d31-zlib.kdump');
    for (const codec of ['zlib', 'lzo', 'snappy', 'zstd', 'none']) {
      const ours = recorded.newPath(`b2-${codec}.kdump`);
      const { code } = await image(
        'convert',
        path,
        ours,
        '--to',
        'kdump-compressed',
        '--level',
        '31',
        '--codec',
        codec,
        ...noThreads,
      );
      expect(code).toBe(0);
      const { json } = await imageJson('diff', ours, theirs, ...noThreads);
      expect(json).toMatchObject({ same: true, pages: { same: 13_418 } });
      expect(await imageJson('verify', ours, ...noThreads)).toMatchObject({
        code: 0,
        json: { pagesRead: 13_418, problems: [] },
      });
    }
  });

  it.for(['zlib', 'lzo'])('packed with %s by us is read by makedumpfile', (codec, context) => {
    const log = readFileSync(recordedLog(context), 'latin1');
    expect(sameLines(dmesgOf(context, recorded.newPath(`b2-${codec}.kdump`)))).toEqual(sameLines(log));
  });

  it('goes through a pipe flattened, and makedumpfile -R puts it together again', async (context) => {
    const makedumpfile = needs(context, 'makedumpfile');
    const path = recorded.path(context, 'b2-vmcore.elf');
    const [flat, whole] = [recorded.newPath('b2.flat'), recorded.newPath('b2.rearranged')];
    await image('convert', path, flat, '--to', 'kdump-flattened', '--level', '31', ...noThreads);
    expect(await imageJson('verify', flat, ...noThreads)).toMatchObject({
      code: 0,
      json: { pagesRead: 13_418 },
    });
    expect(run('/bin/sh', ['-c', `"$0" -R "$1" < "$2"`, makedumpfile, whole, flat]).status).toBe(0);
    expect((await imageJson('diff', whole, flat, ...noThreads)).json).toMatchObject({ same: true });
  });

  it('is read in the parts that makedumpfile splits it into, in any order, and one by one', async (context) => {
    const makedumpfile = needs(context, 'makedumpfile');
    const parts = [1, 2, 3].map((part) => recorded.newPath(`split.${part}`));
    const path = recorded.path(context, 'b2-vmcore.elf');
    expect(
      run(makedumpfile, ['--split', '--splitblock-size', '64', '-c', '-d', '31', path, ...parts]).status,
    ).toBe(0);
    const [one = '', two = '', three = ''] = parts;
    const together = await imageJson('verify', two, '--parts', `${three},${one}`, ...noThreads);
    expect(together).toMatchObject({ code: 0, json: { pagesRead: 13_418, problems: [] } });
    const { json } = await imageJson('info', two);
    expect(json).toMatchObject({ pages: 4476, kinds: { stored: 4476, notSaved: 8942, leftOut: 16_142 } });
  });

  it('says why a page is in it or not', async (context) => {
    const path = recorded.path(context, 'b2-vmcore.elf');
    const filtered = recorded.path(context, 'b2-d31-zlib.kdump');
    const cache = await imageJson('why', filtered, '0x800', ...noThreads);
    expect(cache.json).toMatchObject({
      kind: 'leftOut',
      reason: 'cache',
      page: { flags: ['lru', 'swapBacked'] },
    });
    expect((await imageJson('why', path, '0x7d9', ...noThreads)).json).toMatchObject({
      kind: 'stored',
      reason: 'free',
    });
    expect((await image('why', path, '0x9f', ...noThreads)).stdout).toContain('partly in the image');
    expect((await image('why', path, '0x100000', ...noThreads)).stdout).toContain('nothing: a hole');
  });

  it('gives ranges of memory by physical and by kernel address', async (context) => {
    const path = recorded.path(context, 'b2-vmcore.elf');
    const kernel = await image('extract', path, '--range', '0xffffffff81e36900+16', ...noThreads);
    expect(kernel.stdout).toBe(
      'ffffffff81e36900  4c 69 6e 75 78 00 00 00  00 00 00 00 00 00 00 00  |Linux...........|\n',
    );
    const out = recorded.newPath('range');
    await image('extract', path, '--range', '0x1e36900-0x1e36905', '--out', out, ...noThreads);
    expect(readFileSync(out, 'latin1')).toBe('Linux');
    expect((await image('extract', path, '--range', '0xffffc00000000000+8', ...noThreads)).code).toBe(2);
  });

  it('with damaged pages is refused, and converted without them on request', async (context) => {
    recorded.path(context, 'b2-vmcore.elf');
    const bytes = readFileSync(recorded.newPath('b2-zlib.kdump'));
    bytes.fill(0xa5, 6_000_000, 6_010_000);
    const [damaged, out] = [recorded.newPath('damaged.kdump'), recorded.newPath('salvaged.kdump')];
    writeFileSync(damaged, bytes);
    const refused = await image('convert', damaged, out, '--to', 'kdump-compressed', ...noThreads);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('a page of the image is damaged');
    expect(readdirSync(dirname(out)).filter((name) => name.startsWith('salvaged'))).toEqual([]);
    const { code, json } = await imageJson(
      'convert',
      damaged,
      out,
      '--to',
      'kdump-compressed',
      '--salvage',
      ...noThreads,
    );
    expect(code).toBe(1);
    const lost = json['lost'] as readonly { readonly count: number }[];
    const lostPages = lost.reduce((sum, { count }) => sum + count, 0);
    expect(lostPages).toBeGreaterThan(0);
    expect((await imageJson('verify', out, ...noThreads)).json).toMatchObject({
      pagesRead: 13_418 - lostPages,
    });
    expect((await image('verify', damaged, ...noThreads)).code).toBe(1);
  });
});

describe('arguments that do not fit', () => {
  it.each([
    [['info'], 'expected FILE'],
    [['info', 'nowhere'], 'nowhere: expected a file'],
    [['inf'], 'Did you mean info?'],
    [['convert', 'a', 'b'], 'expected one of vmcore-elf'],
    [['convert', 'a', 'b', '--to', 'elf'], 'found elf'],
    [['convert', 'a', 'b', '--to', 'kdump-compressed', '--codec', 'lz4'], 'a codec of kdump-compressed'],
    [['convert', 'a', 'b', '--to', 'vmcore-elf', '--level', '32'], 'expected 0 to 31'],
    [['convert', 'a', 'b', '--to', 'raw', '--set', 'x=1'], 'raw has no settings'],
    [['extract', 'a'], 'expected one of the two'],
    [['extract', 'a', '--range', '12'], 'START+SIZE'],
    [['why', 'a', 'b'], 'expected a frame number'],
  ])('%j: exit code 2, and what would fit', async (args, message) => {
    const { code, stderr } = await image(...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('of no verb at all gets the list of verbs', async () => {
    for (const verb of ['info', 'verify', 'convert', 'diff', 'extract', 'why']) {
      expect((await image('--help')).stdout).toContain(`  ${verb} `);
      const { stdout } = await image(verb, '--help');
      expect(stdout).toContain(`usage: kjump image ${verb}`);
      expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
    }
    expect((await image()).code).toBe(2);
  });
});

const recordedLog = (context: TestContext): string =>
  `${needs(context, 'artefacts')}/tools/b2-vmcore-dmesg.txt`;

/** vmcore-dmesg, which made the recording, does not indent further lines of a record as makedumpfile does. */
const sameLines = (log: string): readonly string[] => log.split('\n').map((line) => line.trim());
