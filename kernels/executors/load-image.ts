/** `kexec.load`: one loader for each thing that an image can be loaded for. */
import type { Box } from '../box.ts';
import { errnoTable } from '../linux/errno.ts';
import type { KernelName, LoadPurpose } from '../machine.ts';
import { loadSecondKernel, loadWayBack } from './kexec-load.ts';
import { loadDump, loadKept } from './load-pages.ts';
import type { LoadFailure } from './load-request.ts';
import type { WorkUnderWay } from './slow-work.ts';

type Loader = (box: Box, kernel: KernelName) => LoadFailure | undefined;

const loaders: { readonly [Purpose in LoadPurpose]: Loader } = {
  jump: (box, kernel) => loadSecondKernel(box, kernel, 'jump'),
  crash: (box, kernel) => loadSecondKernel(box, kernel, 'crash'),
  plain: (box, kernel) => loadSecondKernel(box, kernel, 'plain'),
  back: loadWayBack,
  kept: loadKept,
  dump: loadDump,
};

export function loadImage(box: Box, { kernel, purpose }: WorkUnderWay): void {
  const failure = loaders[purpose](box, kernel);
  if (failure === undefined) {
    box.note({ type: 'image.loaded', kernel });
    return box.reply(kernel, { type: 'kexec.loaded' });
  }
  for (const line of failure.exit.lines) box.show(line);
  box.reply(kernel, { type: 'kexec.failed', errno: -errnoTable[failure.errno].number });
}
