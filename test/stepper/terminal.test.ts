import { describe, expect, it } from 'vitest';
import { defaultOptions } from '../../machines/options/box-options.ts';
import { completionsOf } from '../../scripts/stepper/completions.ts';
import { openRun } from '../../scripts/stepper/open-run.ts';
import { memoryIo } from '../scripts/memory-io.ts';
import { quickBox, stepped } from './stepped.ts';

const onTerminal = async (lines: readonly string[], columns = 80): Promise<string> =>
  (await stepped([], quickBox, memoryIo({ lines, isTerminal: true, columns }))).stdout;

describe('on a terminal', () => {
  it('the prompt tells branch, step, turn and time', async () => {
    const prompts = (await onTerminal(['goto 25', 'rsi', 'fork', 'quit'])).match(/\[[^\]]*\] /g);
    expect(prompts).toEqual(['[0 0.000000] ', '[25 6.183394] ', '[25.1 6.183394] ', '[fork-1 25 6.183394] ']);
  });

  it('an empty line does the last step again, and nothing else', async () => {
    const shown = await onTerminal(['n', '', '', 'where', '', 's', 'frobnicate', '', 'where']);
    const stood = [...shown.matchAll(/^(?:<[^>]*>)?.*?step (\d+), /gm)].map(([, step]) => Number(step));
    expect(stood).toEqual([3, 4]);
  });

  it('from a pipe an empty line does nothing', async () => {
    expect((await stepped(['s', '', '', 'where'])).stdout).toContain('step 1, ');
  });

  it('greets with the box and the verbs to begin with', async () => {
    expect((await onTerminal([])).split('\n').slice(0, -1)).toMatchInlineSnapshot(`
      [
        "kexec-jump jump-back, reserved load, 256 MiB, 1 CPUs, 4 devices, editor on 1",
        "tasks, seed 1",
        "At the start. n goes on to the next change of state, c to the end; help tells",
        "the verbs, quit leaves.",
      ]
    `);
  });

  it('no line is longer than the terminal is wide', async () => {
    const shown = await onTerminal(
      ['help', 'goto 20', 's 9', 'info laws', 'info faults', 'info actors', 'info guards'],
      80,
    );
    // The prompt's line goes on with what is typed and a new line, which the memory does not echo.
    const plain = shown
      .replaceAll(/<\/?(?:bold|dim|red|green|yellow|cyan)>/g, '')
      .replaceAll(/^\[[\d. ]+\] /gm, '');
    expect(plain.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('colour marks what stopped a journey, what is undone, and what was printed', async () => {
    const shown = await onTerminal(['c /Freezing user/', 'rs']);
    expect(shown).toContain('<yellow>/Freezing user/: ');
    expect(shown).toContain('<dim>undone:');
  });
});

describe('the tabulator key', () => {
  const session = openRun(
    { options: { ...defaultOptions, ramBytes: 2 ** 28 }, picks: undefined },
    memoryIo().io,
  );

  it.each([
    ['wa', ['watch ']],
    ['info dev', ['devices']],
    ['b original kexec.takingCpusDown.i', ['original kexec.takingCpusDown.isDown']],
    ['until jump.l', ['jump.left']],
    ['c freeze:gp', ['freeze:gpu']],
    ['p machine.devices.g', ['machine.devices.gpu']],
    ['p original.imageL', ['original.imageLoaded']],
    ['inject device-fails@freeze:gp', ['device-fails@freeze:gpu']],
    ['switch m', ['main']],
    ['nothing x', []],
    ['p nothing.x', []],
  ])('behind "%s" puts %j', (line, words) => {
    expect(completionsOf(session, line)[0]).toEqual(words);
  });

  it('behind nothing puts every verb', () => {
    expect(completionsOf(session, '')[0]).toContain('where ');
  });
});
