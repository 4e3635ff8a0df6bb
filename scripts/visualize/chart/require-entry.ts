import { assert } from '../../../kernels/assert.ts';

/** The value under a key that must be there; `who` names the caller in the assertion. */
export function requireEntry<Value>(map: ReadonlyMap<string, Value>, key: string, who: string): Value {
  const value = map.get(key);
  assert(value !== undefined, `${who}: nothing under '${key}'`);
  return value;
}
