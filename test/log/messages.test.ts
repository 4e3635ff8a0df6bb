import { describe, expect, test } from 'vitest';
import { fill, type MessageName, messagesOf } from '../../kernels/linux/messages/index.ts';
import {
  fillTemplate,
  type MessageTemplate,
  templatePattern,
} from '../../kernels/linux/messages/template.ts';
import { type ConsoleLine, consoleLine, goldenLines, goldenNames } from './golden-log.ts';

const messages = messagesOf('6.12');
// The compiler cannot see that Object.entries keeps the names of a record.
const entries = Object.entries(messages) as [MessageName, MessageTemplate][];
const linesOf = (name: string): ConsoleLine[] => goldenLines(name).map(consoleLine);

/** What stood in the holes, if the line is this message. An open line may go on, and what goes on stands at the end of one. */
function valuesIn(template: MessageTemplate, line: ConsoleLine): Record<string, string> | undefined {
  const isKernelLine = line.timeMs !== undefined;
  if (isKernelLine !== (template.from === 'kernel')) return undefined;
  // What programs write could be anything.
  if (template.from === 'kernel' && template.facility === 1) return undefined;
  const { source } = templatePattern(template);
  const groups = (pattern: string) => {
    const match = new RegExp(pattern).exec(line.text);
    return match ? { ...match.groups } : undefined;
  };
  if (template.from !== 'kernel') return groups(source);
  if (template.level === 'cont') return groups(source.slice(1));
  return groups(template.isOpen ? source.slice(0, -1) : source);
}

describe('the message table', () => {
  test.each(entries.filter(([, { seen }]) => seen !== 'source only'))(
    '%s stands in the log that it names, and filling it gives the line back',
    (_name, template) => {
      const found = linesOf(template.seen).flatMap((line) => {
        const values = valuesIn(template, line);
        return values ? [{ line, values }] : [];
      });
      expect(found.length).toBeGreaterThan(0);
      for (const { line, values } of found) expect(line.text).toContain(fillTemplate(template, values));
    },
  );

  test('every golden line is one of the messages', () => {
    const unknown = goldenNames.flatMap((name) =>
      goldenLines(name).filter(
        (line) => !entries.some(([, template]) => valuesIn(template, consoleLine(line))),
      ),
    );
    expect(unknown).toEqual([]);
  });

  test('a line of user space or purgatory has no stamp in any log, a kernel line always has one', () => {
    for (const [name, { from, seen }] of entries) {
      if (seen === 'source only') continue;
      const stamps = linesOf(seen)
        .filter((line) => valuesIn(messages[name], line))
        .map(({ timeMs }) => timeMs !== undefined);
      expect(new Set(stamps), name).toEqual(new Set([from === 'kernel']));
    }
  });

  test('sources name a file and a function', () => {
    for (const [name, { source }] of entries) expect(source, name).toMatch(/^([a-z-]+ )?[\w/.-]+\.[ch]:\w+$/);
  });
});

describe('the marks of a jump (linux.md G.1)', () => {
  const marks = {
    1: 'freezer.begin',
    2: 'freezer.done',
    3: 'oom.disabled',
    5: 'cpus.disabling',
    6: 'cpu.offline',
    7: 'boot.commandLine',
    8: 'vmcore.notInitialized',
    12: 'cpus.enabling',
    13: 'oom.enabled',
    14: 'tasks.restarting',
    15: 'tool.kexecMisreported',
  } as const satisfies Record<number, MessageName>;

  /** Rows of G.1 as the log has them, from the first freezer line to the tool's last word. */
  const rowsIn = (name: string): string[] => {
    const rows = linesOf(name).flatMap((line) =>
      Object.entries(marks).flatMap(([row, message]) => (valuesIn(messages[message], line) ? [row] : [])),
    );
    return rows.slice(rows.indexOf('1'), rows.indexOf('15') + 1);
  };

  test('with one processor: log a1 goes out, boots B, comes back', () => {
    expect(rowsIn('a1').join(' ')).toBe('1 2 3 5 7 8 1 2 3 5 13 14 15');
  });

  test('with two processors: log a3 has the second one go and come back besides', () => {
    expect(rowsIn('a3').join(' ')).toBe('1 2 3 5 6 7 8 1 2 3 5 12 13 14 15');
  });
});

describe('filling', () => {
  test('a missing value is our own mistake', () => {
    expect(() => fillTemplate(messages['cpu.offline'], {})).toThrow(
      'assertion: message: no value for {cpu} in "smpboot: CPU {cpu} is now offline"',
    );
  });

  test('holes are filled as printf would', () => {
    expect(fill('oom.disabled')).toBe('OOM killer disabled.');
    expect(fill('boot.firmwareRange', { start: 0x1000, end: 0x9fbff, type: 'usable' })).toBe(
      'BIOS-e820: [mem 0x0000000000001000-0x000000000009fbff] usable',
    );
    expect(fill('boot.zoneEmpty', { zone: 'Normal' })).toBe('  Normal   empty');
    expect(fill('panic.rsp', { segment: '002b', address: '00007ffd5ffe51f8', flags: 0x202 })).toBe(
      'RSP: 002b:00007ffd5ffe51f8 EFLAGS: 00000202',
    );
  });

  test('values are checked by type', () => {
    // @ts-expect-error: the hole is called cpu.
    expect(() => fill('cpu.up', { processor: 1 })).toThrow('no value for {cpu}');
  });
});
