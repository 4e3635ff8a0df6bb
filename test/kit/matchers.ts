/** Matchers for boxes. What they say when they fail ends with the last steps and what may happen next. */
import type { Verdict } from '../../machines/paths/path.ts';
import type { TestBox } from './test-box.ts';

type Outcome = { readonly pass: boolean; readonly message: () => string };

/** For `expect.extend(matchers)`. */
export const matchers = {
  /** `original kexec.freezing` holds in all of its inner states. */
  toBeInState(received: TestBox, place: string): Outcome {
    const [actor = ''] = place.split(' ');
    return outcome(received, received.isIn(place), () => `${place}, found ${received.state(actor)}`);
  },
  toHaveVerdict(received: TestBox, verdict: Verdict): Outcome {
    const found = received.verdict ?? 'none yet';
    return outcome(received, found === verdict, () => `the verdict ${verdict}, found ${found}`);
  },
  toObeyLaws(received: TestBox): Outcome {
    const broken = received.violations().map(({ law, step, text }) => `${law} at step ${step}: ${text}`);
    return outcome(
      received,
      broken.length === 0,
      () => `no broken law, found\n${broken.join('\n') || 'none'}`,
    );
  },
  /** The lines occur in the story in this order, others between them. */
  toTellStory(received: TestBox, lines: readonly string[]): Outcome {
    const missing = firstMissing(received.story(), lines);
    return outcome(
      received,
      missing === undefined,
      () => `in the story, in this order: ${asked(lines, missing)}`,
    );
  },
  /** The lines occur on the console in this order, others between them. */
  toPrint(received: TestBox, lines: readonly string[]): Outcome {
    const missing = firstMissing(received.console(), lines);
    return outcome(
      received,
      missing === undefined,
      () => `on the console, in this order: ${asked(lines, missing)}`,
    );
  },
};

/** What `expect(box)` gains by `matchers`: for the types of the test runner. */
export interface BoxMatchers {
  toBeInState(place: string): void;
  toHaveVerdict(verdict: Verdict): void;
  toObeyLaws(): void;
  toTellStory(lines: readonly string[]): void;
  toPrint(lines: readonly string[]): void;
}

/** The matchers for every other test runner: what does not hold throws. */
export function assertBox(received: TestBox): BoxMatchers {
  const hold = ({ pass, message }: Outcome): void => {
    if (!pass) throw new Error(message());
  };
  return {
    toBeInState: (place) => hold(matchers.toBeInState(received, place)),
    toHaveVerdict: (verdict) => hold(matchers.toHaveVerdict(received, verdict)),
    toObeyLaws: () => hold(matchers.toObeyLaws(received)),
    toTellStory: (lines) => hold(matchers.toTellStory(received, lines)),
    toPrint: (lines) => hold(matchers.toPrint(received, lines)),
  };
}

/** A matcher that holds is asked for its message when it was turned round by `not`. */
const outcome = (received: TestBox, pass: boolean, expected: () => string): Outcome => ({
  pass,
  message: () => `expected${pass ? ' not' : ''} ${expected()}\n${received.outlook()}`,
});

const asked = (lines: readonly string[], missing: string | undefined): string =>
  missing === undefined ? lines.join(' … ') : `"${missing}", found all before it and not that`;

function firstMissing(story: readonly string[], lines: readonly string[]): string | undefined {
  let next = 0;
  for (const line of story) if (next < lines.length && line.includes(lines[next] ?? '')) next += 1;
  return lines[next];
}
