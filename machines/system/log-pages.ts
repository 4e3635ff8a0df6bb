/**
 * The pages of the kernels' logs during one step. A boot prints sixty lines, each of which changes the same few pages: they are held as
 * bytes, and become contents of memory once, when somebody else looks at memory or the step ends. Nobody sees a difference, and a store
 * of contents does not fill up with pages that no world ever held.
 */
import type { PagePort } from '../../kernels/linux/paged-bytes.ts';
import type { KernelName } from '../../kernels/machine.ts';
import type { Contents } from '../../kernels/memory/contents.ts';
import type { PageMapDraft } from '../../kernels/memory/page-map.ts';
import type { Plan } from '../../kernels/plan.ts';

export type LogPages = {
  readonly portOf: (kernel: KernelName) => PagePort;
  /** From now on memory has what was printed. */
  readonly settle: () => void;
};

export function logPages(plan: Plan, contents: Contents, frames: PageMapDraft): LogPages {
  const held = new Map<number, Uint8Array>();
  return {
    portOf: (kernel) => {
      const { start } = plan.layout[kernel].log;
      return {
        readPage: (index) => held.get(start + index) ?? contents.bytes(frames.get(start + index)),
        // The writer has made this page and lets go of it (paged-bytes.ts).
        writePage: (index, bytes) => held.set(start + index, bytes),
      };
    },
    settle: () => {
      for (const [frame, bytes] of held) frames.set(frame, contents.intern(bytes));
      held.clear();
    },
  };
}
