/** Applications do not notice: a run with a hibernation ends as the same run without one. */
import { differencesOf, type VisibleState, visibleState } from '../../kernels/visible-state.ts';
import { isFirstOriginalSettled } from './kernel-facts.ts';
import type { Law, Twin } from './law.ts';
import { momentView } from './moment-view.ts';

export const sameAsTwin: Law = {
  name: 'same-as-twin',
  says: 'A run with a hibernation ends in the same visible state as the same run without one',
  verifies:
    'tasks with their memory by virtual address, files by content, output: when the A of the first boot works to the end',
  leavesOut:
    'the log, clocks, frame numbers, places on the disk and what kexec took for itself; runs in which A is gone',
  source: 'linux.md A2.5 row 5; design section 5; kernels/visible-state.ts',
  atEnd: (seen) => {
    if (!isFirstOriginalSettled(seen)) return [];
    return differencesOf(stateOf(seen), stateOf(seen.twin())).map((text) => ({ text }));
  },
};

const stateOf = ({ rules, world }: Twin): VisibleState => visibleState(momentView(rules, world));
