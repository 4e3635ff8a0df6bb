/** Arguments of verbs. What does not fit is an error that says how the verb is used. */
import { StepperError } from './stepper-error.ts';

/** How often; once when nothing is said. */
export function readCount(verb: string, argument: string): number {
  if (argument === '') return 1;
  if (/^[1-9]\d{0,8}$/.test(argument)) return Number(argument);
  throw new StepperError('verb.usage', { where: verb, expected: 'how many steps, from 1', found: argument });
}

export function readNumber(verb: string, argument: string, expected: string): number {
  if (/^\d{1,9}$/.test(argument)) return Number(argument);
  throw new StepperError('verb.usage', { where: verb, expected, found: argument });
}

export function readNothing(verb: string, argument: string): void {
  if (argument === '') return;
  throw new StepperError('verb.usage', { where: verb, expected: 'nothing behind it', found: argument });
}

export function readSomething(verb: string, argument: string, expected: string): string {
  if (argument !== '') return argument;
  throw new StepperError('verb.usage', { where: verb, expected, found: '' });
}
