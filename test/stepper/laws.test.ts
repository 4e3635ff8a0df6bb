import { describe, expect, it } from 'vitest';
import type { Law } from '../../machines/laws/law.ts';
import { type BoxOptions, defaultOptions } from '../../machines/options/box-options.ts';
import { planOf } from '../../machines/options/plan-of.ts';
import { beginBox } from '../../machines/system/begin.ts';
import { inTime } from '../../machines/system/choices.ts';
import { History } from '../../machines/system/history.ts';
import { obey, orderOf } from '../../scripts/stepper/obey.ts';
import { Session } from '../../scripts/stepper/session.ts';
import { memoryIo } from '../scripts/memory-io.ts';
import { quickBox, stepped } from './stepped.ts';

const options: BoxOptions = {
  ...defaultOptions,
  ramBytes: 2 ** 28,
  devices: ['disk', 'console', 'timer'],
  tasks: 1,
  work: 2,
};

/** A law that a jump breaks twice, and another one at its end. */
const told = { verifies: '', leavesOut: '', source: 'a test' };
const staysAtHome: Law = {
  ...told,
  name: 'stays-at-home',
  says: 'A never leaves',
  atStep: ({ record }) => record.notes.filter(({ type }) => type === 'jump.left').map(() => 'somebody left'),
};
const endsEarly: Law = {
  ...told,
  name: 'ends-early',
  says: 'No run is long',
  atEnd: ({ records }) => (records.length > 10 ? [{ text: 'this one was', step: 11 }] : []),
};

function obeyed(session: Session, line: string): readonly string[] {
  const order = orderOf(line);
  return order === undefined ? [] : [...obey(session, order)].flatMap(({ answer }) => answer.lines);
}

function newSession(laws: readonly Law[]): Session {
  const { rules, world } = beginBox(planOf(options));
  const history = new History(rules, world, inTime);
  const { io } = memoryIo();
  const look = { paint: io.out.paint, columns: () => Number.POSITIVE_INFINITY };
  return new Session({ history, options, laws, look, files: io.files, version: io.version });
}

describe('a broken law', () => {
  it('stops c and rc behind the step that breaks it', () => {
    const session = newSession([staysAtHome]);
    expect(obeyed(session, 'c')[0]).toBe('law stays-at-home is broken: somebody left');
    const first = session.position;
    obeyed(session, 'c');
    expect(session.position).toBeGreaterThan(first);
    obeyed(session, 'rc');
    expect(session.position).toBe(first);
    expect(obeyed(session, 'info step').join('\n')).toContain('note jump.left original');
  });

  it('of a whole run is told at its end, with the step', () => {
    const session = newSession([endsEarly]);
    expect(obeyed(session, 'c').at(-1)).toBe('law ends-early is broken, step 11: this one was');
    expect(obeyed(session, 'info laws')).toEqual([
      '  ends-early  broken  No run is long',
      'law ends-early is broken, step 11: this one was',
    ]);
  });

  it('does not stop goto, s or n', () => {
    const session = newSession([staysAtHome]);
    obeyed(session, 'goto end');
    expect(obeyed(session, 's').join('\n')).toMatch(/law stays-at-home is broken, step \d+: somebody left/);
    expect(obeyed(session, 'rs 5').join('\n')).not.toContain('broken');
  });

  it('is shown in a real run: devices that stay frozen after a failed freeze (quirk leaves-devices-frozen)', async () => {
    const args = [...quickBox, '--quirk', 'leaves-devices-frozen', '--fault', 'device-fails@freeze:gpu'];
    const { stdout } = await stepped(['c'], args);
    expect(stdout).toMatch(/law frozen-devices-resume is broken, step \d+: /);
  });
});
