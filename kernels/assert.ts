/** For our own mistakes only: never caught, never used for bad input or for failures of the emulated machine. */
export function assert(fact: boolean, message: string): asserts fact {
  if (!fact) throw new Error(`assertion: ${message}`);
}
