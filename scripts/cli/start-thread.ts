/**
 * Starts one of our own files as a worker thread: the built file as it is; from the sources through tsx, which does not reach into
 * threads by itself on Node 20.
 */
import { Worker } from 'node:worker_threads';

/** `name` without extension, of a file beside the one whose `import.meta.url` is given. */
export function startThread(besideUrl: string, name: string, workerData: unknown): Worker {
  const isSource = besideUrl.endsWith('.ts');
  const file = new URL(`${name}${isSource ? '.ts' : '.js'}`, besideUrl);
  if (!isSource) return new Worker(file, { workerData });
  const tsx = import.meta.resolve('tsx/esm/api');
  const load = `import(${JSON.stringify(tsx)}).then(({ register }) => { register(); return import(${JSON.stringify(file.href)}); });`;
  return new Worker(load, { eval: true, workerData });
}
