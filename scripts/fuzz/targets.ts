/** The registry of fuzz targets: one line for each kind. Codecs and formats come from their own registries, with no line here. */
import { codecTargets } from './codec-targets.ts';
import { forecastTargets } from './forecast-targets.ts';
import { formatTargets } from './format-targets.ts';
import type { FuzzTarget } from './fuzz-target.ts';

export const fuzzTargets: readonly FuzzTarget[] = [...codecTargets, ...formatTargets, ...forecastTargets];
