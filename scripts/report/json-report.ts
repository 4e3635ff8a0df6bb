/** A run as JSON: the keys of design section 6, and more. Times are nanoseconds since power-on. Fields may be added, never renamed. */
import type { RunFacts } from './run-facts.ts';

export function jsonReport(facts: RunFacts, files: readonly string[]): string {
  const { path, variant, verdict, steps, memory, pages, violations, options, gaps } = facts;
  const report = {
    path: path.name,
    variant: variant.name,
    goal: path.goal,
    verdict: verdict ?? 'none',
    steps,
    isStopped: facts.isStopped,
    endNs: facts.endNs,
    memory,
    givenMemory: facts.given ?? null,
    excepted: facts.excepted,
    phases: facts.phases.map(({ name, actor, startNs, endNs }) => ({
      name,
      actor,
      start: startNs,
      end: endNs,
    })),
    boots: facts.boots.map(({ kernel, by, atNs, firmwareNs, ns }) => ({
      kernel,
      by,
      start: atNs,
      firmwareNs,
      kernelNs: ns,
    })),
    clockGaps: gaps,
    pages,
    image: facts.image ?? null,
    markers: facts.markers,
    faults: facts.faults.map(({ name, where, struckAt }) => ({
      name,
      where: where ?? null,
      struckAt: struckAt ?? null,
    })),
    violations,
    files,
    options,
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
