/** Recorded boots as boxes (`--scenario NAME`): one file and one line each. */
import { a0 } from './a0.ts';
import { a0b } from './a0b.ts';
import { a0c } from './a0c.ts';
import { a0d } from './a0d.ts';
import { a1 } from './a1.ts';
import { a2 } from './a2.ts';
import { a3 } from './a3.ts';
import { a4 } from './a4.ts';
import { a6 } from './a6.ts';
import { a7 } from './a7.ts';
import { a8 } from './a8.ts';
import { a9 } from './a9.ts';
import { a10 } from './a10.ts';
import { a12 } from './a12.ts';
import { a15 } from './a15.ts';
import { e8 } from './e8.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [
  a0,
  a0b,
  a0c,
  a0d,
  a1,
  a2,
  a3,
  a4,
  a6,
  a7,
  a8,
  a9,
  a10,
  a12,
  a15,
  e8,
];

export const scenarioNamed = (name: string): Scenario | undefined =>
  scenarios.find((scenario) => scenario.name === name);
