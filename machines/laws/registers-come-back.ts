/** A kernel that comes back goes on with the registers it left with. */
import { type CpuState, decodeCpuState, registerNames } from '../../kernels/kexec/cpu-state.ts';
import type { ContentId, Contents } from '../../kernels/memory/contents.ts';
import { item } from '../../kernels/shape.ts';
import type { Moment } from '../system/world.ts';
import type { Law } from './law.ts';

export const registersComeBack: Law = {
  name: 'registers-come-back',
  says: 'A kernel that comes back goes on with the registers it left with',
  verifies:
    'every register of cpu-state.ts of the boot processor, between the departure and restore_processor_state',
  leavesOut: 'the other processors, which start anew; vector, debug and model-specific registers',
  source: 'linux.md A1.4 rows 1 and 9, A1.9 rows 7 to 9',
  atStep: ({ rules, after, record }) =>
    record.notes.flatMap((note) => {
      if (note.type !== 'jump.resumed') return [];
      const left = after.kept[`jump.left/${note.kernel}`];
      const resumed = after.kept[`jump.resumed/${note.kernel}`];
      if (left === undefined || resumed === undefined) return [`${note.kernel} resumes but never left`];
      return changes(rules.contents, left, resumed).map((text) => `${note.kernel}: ${text}`);
    }),
};

function changes(contents: Contents, left: Moment, resumed: Moment): readonly string[] {
  const [was, is] = [registersOf(contents, left), registersOf(contents, resumed)];
  const changed = registerNames.filter((name) => was[name] !== is[name]);
  const [first] = changed;
  if (first === undefined) return [];
  return [
    `registers that are not as they were: ${changed.length}, ${first} was ${was[first]} and is ${is[first]}`,
  ];
}

function registersOf(contents: Contents, { machine }: Moment): CpuState {
  // Records hold plain numbers, so that they can be packed; the shape says that this one is a content.
  return decodeCpuState(contents.bytes(item(machine.cpus, 0).registers as ContentId));
}
