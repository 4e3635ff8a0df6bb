/**
 * Runs a campaign in a thread and watches it: an input that takes far longer than any may is a hang, a thread that ends without its
 * result a crash. Both are findings, and another thread goes on behind that input.
 */
import { startThread } from '../cli/start-thread.ts';
import type { CampaignPlan, CampaignResult, Finding } from './campaign.ts';
import type { ThreadTask } from './thread.ts';

/** Well beyond the three tries that a slow input gets. */
const hangLimitMs = 10_000;
const lookEveryMs = 100;
/** Whoever hangs or crashes so often has said enough. */
const mostRestarts = 10;
const registryUrl = new URL(`targets${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)
  .href;

type Ended = { readonly result: CampaignResult } | { readonly finding: Finding };

export type Watched = {
  readonly plan: CampaignPlan;
  readonly onInput?: (inputIndex: number) => void;
  readonly hangMs?: number;
  /** The module whose `fuzzTargets` has the target, if it is not the registry. */
  readonly targetsUrl?: string;
};

export async function watchedCampaign(target: string, watched: Watched): Promise<CampaignResult> {
  const { plan } = watched;
  const findings: Finding[] = [];
  let { from, count } = plan;
  for (let restarts = 0; count > 0 && restarts <= mostRestarts; restarts += 1) {
    const ended = await threadOf(target, { ...watched, plan: { ...plan, from, count } });
    if ('result' in ended) {
      const { result } = ended;
      return { ...result, inputs: from - plan.from + count, findings: [...findings, ...result.findings] };
    }
    findings.push(ended.finding);
    count -= ended.finding.inputIndex + 1 - from;
    from = ended.finding.inputIndex + 1;
  }
  return { inputs: from - plan.from, taken: 0, refused: {}, findings };
}

function threadOf(
  target: string,
  { plan, onInput, hangMs = hangLimitMs, targetsUrl }: Watched,
): Promise<Ended> {
  const atInput = new Int32Array(new SharedArrayBuffer(4)).fill(plan.from);
  const task: ThreadTask = { targetsUrl: targetsUrl ?? registryUrl, target, plan, atInput };
  const thread = startThread(import.meta.url, 'thread', task);
  return new Promise((resolve) => {
    let lastInput = plan.from;
    let sinceMs = Number.POSITIVE_INFINITY;
    const end = (ended: Ended): void => {
      clearInterval(look);
      resolve(ended);
    };
    const fail = (kind: 'hang' | 'crash', message: string): void =>
      end({ finding: { inputIndex: Atomics.load(atInput, 0), kind, message } });
    const look = setInterval(() => {
      const inputIndex = Atomics.load(atInput, 0);
      onInput?.(inputIndex);
      if (inputIndex !== lastInput || sinceMs > performance.now()) {
        lastInput = inputIndex;
        sinceMs = performance.now();
      } else if (performance.now() - sinceMs > hangMs) {
        fail('hang', `more than ${hangMs} ms`);
        void thread.terminate();
      }
    }, lookEveryMs);
    thread.once('message', (result: CampaignResult) => end({ result }));
    thread.once('error', (error) => fail('crash', String(error)));
    thread.once('exit', (code) => fail('crash', `the thread ended with ${code}`));
  });
}
