/** The variant that a plan names, and the kernels that take part in it. */
import { assert } from '../../kernels/assert.ts';
import { type KernelName, kernelNames } from '../../kernels/machine.ts';
import type { Plan } from '../../kernels/plan.ts';
import { pathNamed } from './index.ts';
import type { Variant } from './path.ts';

export type NamedVariant = Pick<Plan, 'path' | 'variant'>;

export function variantOf(plan: NamedVariant): Variant {
  const variant = pathNamed(plan.path)?.variants.find(({ name }) => name === plan.variant);
  assert(variant !== undefined, `path: there is no ${plan.path} ${plan.variant}`);
  return variant;
}

/** C takes part only where the machine is switched off. */
export const kernelsOf = (plan: NamedVariant): readonly KernelName[] =>
  kernelNames.filter((kernel) => kernel !== 'restore' || variantOf(plan).goesOff === true);
