/** The registry of workloads: a new one is one module and one line here. */
import { assert } from '../assert.ts';
import { compiler } from './compiler.ts';
import { database } from './database.ts';
import { editor } from './editor.ts';
import { idle } from './idle.ts';
import type { Workload } from './workload.ts';

export const workloads: readonly Workload[] = [idle, editor, compiler, database];

export function workloadOf(name: string, known: readonly Workload[] = workloads): Workload {
  const workload = known.find((candidate) => candidate.name === name);
  assert(
    workload !== undefined,
    `workloads: there is no ${name}; there are ${known.map((each) => each.name).join(', ')}`,
  );
  return workload;
}
