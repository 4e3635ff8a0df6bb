/** A thread that packs and unpacks batches, one after the other, out of shared memory and back into it (thread-packer.ts). */
import { parentPort } from 'node:worker_threads';
import { packUnits, unpackUnits } from '../../image/packer.ts';
import type { ThreadAnswer, ThreadJob } from './thread-job.ts';

parentPort?.on('message', (job: ThreadJob) => {
  parentPort?.postMessage(answerOf(job));
});

function answerOf(job: ThreadJob): ThreadAnswer {
  try {
    const input = job.input.subarray(0, job.inputBytes);
    if (job.type === 'pack') {
      const { bytes, lengths } = packUnits({ ...job.pack, bytes: input, into: job.output });
      return { type: 'packed', outputBytes: bytes.length, lengths };
    }
    const { bytes, failures } = unpackUnits({ ...job.unpack, bytes: input, into: job.output });
    return { type: 'unpacked', outputBytes: bytes.length, failures };
  } catch (error) {
    return {
      type: 'failed',
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
