/**
 * A packer that works on threads: two batches for each, so that a thread never waits for the next one to be copied.
 *
 * Every place at work has memory of its own that the thread shares, taken once and grown when a batch needs more: nothing is allocated
 * for each batch but what is given back. Threads start with the first job.
 */
import type { Worker } from 'node:worker_threads';
import { codecs } from '../../image/codecs/index.ts';
import type { Packed, Packer, PackJob, Unpacked, UnpackJob } from '../../image/packer.ts';
import { startThread } from '../cli/start-thread.ts';
import type { ThreadAnswer, ThreadJob } from './thread-job.ts';

export type ThreadPacker = Packer & { readonly close: () => Promise<void> };

const placesPerThread = 2;

type Place = { readonly thread: Worker; input: Uint8Array; output: Uint8Array };
type Request = (place: Place) => ThreadJob;

export function threadPacker(threadCount: number): ThreadPacker {
  const threads: Worker[] = [];
  const free: Place[] = [];
  const waiting: ((place: Place) => void)[] = [];
  const start = (): void => {
    while (threads.length < threadCount) threads.push(startThread(import.meta.url, 'pack-thread', undefined));
    for (let turn = 0; turn < placesPerThread; turn += 1)
      for (const thread of threads) free.push({ thread, input: shared(0), output: shared(0) });
  };
  const takePlace = (): Promise<Place> => {
    if (threads.length === 0) start();
    const place = free.shift();
    return place === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(place);
  };
  const givePlace = (place: Place): void => {
    const next = waiting.shift();
    if (next === undefined) free.push(place);
    else next(place);
  };
  const run = async <Result>(
    request: Request,
    read: (answer: ThreadAnswer, place: Place) => Result,
  ): Promise<Result> => {
    const place = await takePlace();
    try {
      return read(await ask(place.thread, request(place)), place);
    } finally {
      givePlace(place);
    }
  };
  return {
    width: threadCount * placesPerThread,
    pack: (job) => run((place) => packRequest(place, job), packedOf),
    unpack: (job) =>
      run(
        (place) => unpackRequest(place, job),
        (answer, place) => unpackedOf(answer, place, job.into),
      ),
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()));
    },
  };
}

function packRequest(place: Place, { bytes, into: _into, ...pack }: PackJob): ThreadJob {
  const unitCount = Math.ceil(bytes.length / pack.unitSizeBytes);
  fill(place, bytes, unitCount * codecs[pack.codec].worstCaseBytes(pack.unitSizeBytes));
  return { type: 'pack', pack, input: place.input, inputBytes: bytes.length, output: place.output };
}

function unpackRequest(place: Place, { bytes, into: _into, ...unpack }: UnpackJob): ThreadJob {
  fill(place, bytes, unpack.lengths.length * unpack.unitSizeBytes);
  return { type: 'unpack', unpack, input: place.input, inputBytes: bytes.length, output: place.output };
}

function fill(place: Place, bytes: Uint8Array, outputBytes: number): void {
  if (place.input.length < bytes.length) place.input = shared(bytes.length);
  if (place.output.length < outputBytes) place.output = shared(outputBytes);
  place.input.set(bytes);
}

function packedOf(answer: ThreadAnswer, { output }: Place): Packed {
  if (answer.type === 'packed')
    return { bytes: output.slice(0, answer.outputBytes), lengths: answer.lengths };
  throw unexpected(answer);
}

function unpackedOf(answer: ThreadAnswer, { output }: Place, into: Uint8Array | undefined): Unpacked {
  if (answer.type !== 'unpacked') throw unexpected(answer);
  const unpacked = output.subarray(0, answer.outputBytes);
  into?.set(unpacked);
  const bytes = into === undefined ? unpacked.slice() : into.subarray(0, unpacked.length);
  return { bytes, failures: answer.failures };
}

/** Answers of one thread come in the order of its jobs, but two of them wait: each takes the next message. */
const queues = new WeakMap<
  Worker,
  { resolve: (answer: ThreadAnswer) => void; reject: (error: Error) => void }[]
>();

function ask(thread: Worker, job: ThreadJob): Promise<ThreadAnswer> {
  const queue = queues.get(thread) ?? listen(thread);
  return new Promise((resolve, reject) => {
    queue.push({ resolve, reject });
    thread.postMessage(job);
  });
}

function listen(
  thread: Worker,
): { resolve: (answer: ThreadAnswer) => void; reject: (error: Error) => void }[] {
  const queue: { resolve: (answer: ThreadAnswer) => void; reject: (error: Error) => void }[] = [];
  queues.set(thread, queue);
  thread.on('message', (answer: ThreadAnswer) => queue.shift()?.resolve(answer));
  const fail = (error: Error): void => {
    for (const { reject } of queue.splice(0)) reject(error);
  };
  thread.on('error', fail);
  thread.on('exit', (code) => fail(new Error(`a packing thread ended with ${code}`)));
  return queue;
}

const shared = (sizeBytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(sizeBytes));

/** The thread says what went wrong in it: our own mistake, for bad bytes are told as failures. */
const unexpected = (answer: ThreadAnswer): Error =>
  new Error(answer.type === 'failed' ? answer.message : `unexpected answer ${answer.type}`);
