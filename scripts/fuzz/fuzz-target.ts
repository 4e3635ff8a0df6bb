/** What is fuzzed: something that takes bytes, any bytes, and must either take them or refuse them with an ImageError. */
export type FuzzTarget = {
  readonly name: string;
  /** Valid inputs, from which the others are made. The same in every run. */
  readonly seeds: () => Promise<readonly Uint8Array[]>;
  /** Throws ImageError, or does not throw. Whatever else it throws is a finding. */
  readonly run: (bytes: Uint8Array) => void | Promise<void>;
};

/** What a target throws when it took bytes and made something wrong of them: a finding with a name. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
}
