/** Bad options: one typed error with a code; the message says which, what was expected, what was found, and what to do. */
export const optionErrorCodes = [
  'option.unknown',
  'option.size',
  'option.number',
  'option.combination',
  'option.place',
  'option.text',
] as const;
export type OptionErrorCode = (typeof optionErrorCodes)[number];

export type OptionFacts = {
  readonly option: string;
  readonly expected: string;
  readonly found: string;
  readonly help?: string;
};

export class OptionError extends Error {
  readonly code: OptionErrorCode;
  readonly facts: OptionFacts;

  constructor(code: OptionErrorCode, facts: OptionFacts) {
    const { option, expected, found, help } = facts;
    super(
      `${option}: expected ${expected}, found ${found === '' ? 'nothing' : found}.${help ? ` ${help}` : ''}`,
    );
    this.name = 'OptionError';
    this.code = code;
    this.facts = facts;
  }
}
