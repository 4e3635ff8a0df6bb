/** Of a hibernation the first law: what A had in its memory when it left is there when it comes back. */
import { comparedMemories, comparedRanges } from './excepted.ts';
import { changedFrames, common } from './frame-ranges.ts';
import { framesText } from './frame-text.ts';
import type { Law } from './law.ts';

export const memoryComesBack: Law = {
  name: 'memory-comes-back',
  says: 'Memory of A at its first instruction after the return equals memory when its registers were in the control page',
  verifies: 'every frame of A by content, but for the constant list in excepted.ts',
  leavesOut:
    "the reserved region, which is not A's; the memory of B, which a second visit needs; frames that nobody wrote since the power came on, which an image shows as zeros",
  source: 'linux.md A1.5, A1.9 rows 5 to 8; design section 5',
  atStep: ({ rules, after: { kept }, record }) => {
    if (!record.notes.some((note) => note.type === 'jump.arrived' && note.kernel === 'original')) return [];
    const loaded = kept['image.loaded/original'];
    const left = kept['jump.left/original'];
    const arrived = kept['jump.arrived/original'];
    if (loaded === undefined || left === undefined || arrived === undefined)
      return ['A arrives, but it never left'];
    const changed = common(comparedRanges(rules, loaded), changedFrames(...comparedMemories(left, arrived)));
    return framesText(rules.plan, changed, 'of A came back changed');
  },
};
