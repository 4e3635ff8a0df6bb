/** What this process really holds: the heap, and the bytes of buffers beside it, after the garbage was collected. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function usedBytes(): number {
  setFlagsFromString('--expose-gc');
  // Node types what comes out of another context as any; with the flag, `gc` is V8's own function.
  const collectGarbage = runInNewContext('gc') as () => void;
  // The second time takes what finalizers of the first one let go.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
