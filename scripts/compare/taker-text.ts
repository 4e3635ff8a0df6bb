import { executorTitle } from '../visualize/run/lifelines.ts';
import type { LifelineId } from '../visualize/run/sequence.ts';

const titles: Readonly<Record<string, string>> = executorTitle;

/** Who takes a step; kernels by their letters, others by what they are. */
export const takerText = (taker: LifelineId): string => titles[taker] ?? taker;
