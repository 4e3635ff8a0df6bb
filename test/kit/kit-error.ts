/** A test asks of a box what it does not have, or what does not happen. Codes are a promise; texts are not. */
export const kitErrorCodes = [
  'actor.unknown',
  'place.form',
  'place.unreached',
  'position.beyond',
  'pick.impossible',
  'picks.left',
] as const;
export type KitErrorCode = (typeof kitErrorCodes)[number];

export class KitError extends Error {
  readonly code: KitErrorCode;

  constructor(code: KitErrorCode, message: string) {
    super(`box: ${message}`);
    this.name = 'KitError';
    this.code = code;
  }
}
