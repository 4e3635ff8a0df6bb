/**
 * What somebody typed into the stepper cannot be obeyed: one typed error with a code and facts. It is told and the stepper goes on;
 * it never ends the program. Codes are a promise to callers of `step --json`; texts are not.
 */
export const stepperErrorCodes = [
  'verb.unknown',
  'verb.usage',
  'place.unknown',
  'place.pattern',
  'thing.unknown',
  'topic.unknown',
  'branch.unknown',
  'branch.taken',
  'position.unknown',
  'pick.unknown',
  'stop.unknown',
  'fault.past',
  'source.depth',
] as const;
export type StepperErrorCode = (typeof stepperErrorCodes)[number];

export type StepperFacts = {
  readonly where: string;
  readonly expected: string;
  readonly found: string;
  readonly help?: string;
};

export class StepperError extends Error {
  readonly code: StepperErrorCode;
  readonly facts: StepperFacts;

  constructor(code: StepperErrorCode, facts: StepperFacts) {
    const { where, expected, found, help } = facts;
    super(
      `${where}: expected ${expected}, found ${found === '' ? 'nothing' : found}.${help ? ` ${help}` : ''}`,
    );
    this.name = 'StepperError';
    this.code = code;
    this.facts = facts;
  }
}
