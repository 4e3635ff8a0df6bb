import { describe, expect, it } from 'vitest';
import { topics } from '../../scripts/stepper/topics/index.ts';
import { verbNamed, verbs } from '../../scripts/stepper/verbs/index.ts';
import { answers, stepped, told } from './stepped.ts';

/** Design section 6. */
const promised = 's si n c rs rsi rn rc b watch until when where info p goto fork diff restart'.split(' ');

describe('the verbs', () => {
  it('are those of gdb, with its names for them', () => {
    expect(promised.filter((name) => !verbs.some((verb) => verb.name === name))).toEqual([]);
    const longNames = [
      'step',
      'stepi',
      'next',
      'continue',
      'reverse-step',
      'reverse-continue',
      'break',
      'print',
      'q',
    ];
    expect(longNames.map((name) => verbNamed(name).name)).toEqual([
      's',
      'si',
      'n',
      'c',
      'rs',
      'rc',
      'b',
      'p',
      'quit',
    ]);
  });

  it('have names and aliases that no other has', () => {
    const words = verbs.flatMap(({ name, aliases }) => [name, ...aliases]);
    expect(words.filter((word, index) => words.indexOf(word) !== index)).toEqual([]);
  });

  it('may be cut short while only one begins so', () => {
    expect(['wh', 'cont', 'del', 'sw', 'inj'].map((word) => attempt(word))).toEqual([
      'one of where, when',
      'c',
      'delete',
      'switch',
      'inject',
    ]);
  });

  it.each(verbs)('$name is told in help, alone and among the others', async ({ name, about, aliases }) => {
    const [all, one] = await answers('help', `help ${name}`);
    expect(all.verbs).toContainEqual(expect.objectContaining({ name, about }));
    expect(one).toMatchObject({ name, about, aliases });
  });

  it('are told in help in one line each', async () => {
    expect(await told('help')).toMatchInlineSnapshot(`
      "going
        s [N]        one step, or N: one thing that happens, with everything it sets off at once
        n [N]        to the next step that changes the state of operator, firmware, A or B
        c [PLACE]    on to a breakpoint, a watchpoint, a broken law or the end; or to PLACE
        until PLACE  on to PLACE, unless something else stops it before
        rs [N]       one step back, or N
        rn [N]       back to the step before it that n would stop at
        rc [PLACE]   back to a breakpoint, a watchpoint, a broken law or the start; or to PLACE
        goto N       to step N, whatever lies between; also: goto start, goto end
        restart      to the start; breakpoints, branches and what is known of the run stay
        si           one turn: of a step in which several charts have their turn, one after the other
        rsi          one turn back
      stopping
        b [PLACE]    a breakpoint at PLACE (help places); without one, all of them
        watch THING  a watchpoint: stops behind every step that changes THING (help things)
        delete [N]   takes breakpoint or watchpoint N away; without a number, all
      looking
        where                 one line: step, time, who executes, the states of operator, firmware, A and B
        when [THING | PLACE]  which step last changed THING, or last came to PLACE
        p THING               shows THING: a field of the machine or of an actor, a page, a block (help things)
        info [TOPIC]          shows a topic: actors channels guards picks devices cpus tasks memory step log console laws faults breakpoints forks
      what if
        pick N                makes another of the possible picks happen next (info picks); what was known to come stays in its branch
        inject FAULT[@PLACE]  from here on this fault is planned, in a branch of its own (info faults)
        fork [NAME]           another branch with the same past; the steps go on there
        forks                 all branches
        switch NAME           to another branch, where it was left
        diff [A] [B]          what differs between two steps or branches (120, fork-1, main@120); without A the step before, without B here
      files
        save FILE    writes the run up to here; run --picks FILE and step --picks FILE make it again
        source FILE  obeys the lines of FILE
      other
        help [VERB]  this, or one verb; help places, help things, help info
        quit         leaves; so does the end of the input"
    `);
  });

  it('that nobody knows are told on the error output, with the nearest that is known, and the next line is obeyed', async () => {
    const { code, stdout, stderr } = await stepped(['wehre', 'where']);
    expect(stderr).toContain('Did you mean where?');
    expect(stdout).toMatch(/^step 0, /);
    expect(code).toBe(0);
  });
});

function attempt(word: string): string {
  try {
    return verbNamed(word).name;
  } catch (error) {
    return error instanceof Error ? (/expected (.*), found/.exec(error.message)?.[1] ?? '') : '';
  }
}

describe('info', () => {
  const asked = topics.map(({ name }) => (name === 'log' ? 'info log a' : `info ${name}`));

  it('answers every topic at the start, in the middle and at the end', async () => {
    const all = await answers(...asked, 'goto 60', ...asked, 'goto end', ...asked);
    expect(all.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(all.length).toBe(3 * asked.length + 2);
  });

  it('alone tells what can be asked for', async () => {
    const [told] = await answers('info');
    expect(told.topics.map(({ name }: { name: string }) => name)).toEqual(topics.map(({ name }) => name));
  });

  it('devices, cpus and tasks are tables of what is worth telling', async () => {
    expect(
      (await told('goto 45', 'info devices', 'info cpus', 'info tasks')).split('\n').slice(6),
    ).toMatchInlineSnapshot(`
      [
        "  gpu      on     yes         4059       original  original  same",
        "  console  on     yes         4060       original  original  same",
        "  timer    on     yes         4061       original  original  same",
        "         state   interrupts  registers",
        "  cpu 0  online  yes         4053",
        "          state   done  heapPages  errors",
        "  editor  frozen  4     25         0",
        "  all are told to freeze",
      ]
    `);
  });

  it('memory names every frame once, in order', async () => {
    const [, memory] = await answers('c original kexec.arriving', 'info memory');
    const ranges: readonly { start: number; count: number; name: string }[] = memory.ranges;
    expect(
      ranges.every(
        ({ start, count }, index) => (ranges[index + 1]?.start ?? start + count) === start + count,
      ),
    ).toBe(true);
    expect(ranges[0]?.start).toBe(0);
    expect(ranges.map(({ name }) => name)).toContain('kexec of A: control page');
  });

  it('log shows what stands in the memory of A or of B', async () => {
    const [, a, b, none] = await answers('goto 45', 'info log a 1', 'info log b');
    expect(a.lines).toEqual([expect.stringContaining('Suspending console')]);
    expect(b.lines).toEqual([]);
    expect(none).toBeUndefined();
    expect((await stepped(['info log'])).stderr).toContain('info log: expected a or b');
  });

  it('console shows what the serial line showed, which is less while it is suspended', async () => {
    const [, shown] = await answers('c original kexec.takingCpusDown', 'info console 1');
    expect(shown.lines).toEqual([expect.stringContaining('Suspending console')]);
  });

  it('laws tells which hold, and leaves those of a whole run open until its end', async () => {
    const [start, , end] = await answers('info laws', 'goto end', 'info laws');
    const verdicts = (answer: { laws: readonly { verdict: string }[] }) =>
      new Set(answer.laws.map(({ verdict }) => verdict));
    expect(verdicts(start)).toEqual(new Set(['holds', 'at the end']));
    expect(verdicts(end)).toEqual(new Set(['holds']));
  });
});
