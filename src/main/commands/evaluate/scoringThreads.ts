// Scores batches of questions on worker threads; each thread loads the scorer once.
import { decodeArtifact } from '../../../artifact/decode';
import type { EncodedModel } from '../../../evaluation/contender';
import type { Answerer } from '../../../evaluation/evaluation';
import { batchSizeFor, type Measured, measurer, rowsIn } from '../../../evaluation/measure';
import type { Question, Questions } from '../../../evaluation/questions';
import { can } from '../../../models/capability';
import type { Scorer } from '../../../models/model';
import { modelByName } from '../../../models/registry';
import type { ThreadPayload, ThreadPool, ThreadTask } from '../../../numeric/threadPool';

const taskName = 'evaluate.answer';

/** The message for a thread with one batch. */
interface AnswerPayload extends ThreadPayload {
  /** Identifies the trained model. */
  readonly key: string;
  readonly model: string;
  readonly config: Readonly<Record<string, number>>;
  /** The encoded artifact. */
  readonly artifact: SharedArrayBuffer;
  /** Row in the scorer of every catalogue row, as 32-bit integers. */
  readonly scorerRows: SharedArrayBuffer;
  readonly batch: readonly Question[];
}

/** The message back from a thread. */
interface Answer extends Measured {
  /** Seconds the scorer took for the batch. */
  readonly seconds: number;
}

/** The model that this thread loaded last. */
interface Loaded {
  readonly key: string;
  readonly measure: (batch: readonly Question[]) => Measured;
  /** Seconds spent in the scorer so far. */
  readonly seconds: () => number;
}

/** Returns a scorer that measures the seconds spent in it. */
export function timed(scorer: Scorer): { readonly scorer: Scorer; readonly seconds: () => number } {
  let seconds = 0;
  const measured = (work: () => void): void => {
    const start = performance.now();
    work();
    seconds += (performance.now() - start) / 1000;
  };
  return {
    scorer: {
      ...scorer,
      scoreInto: (histories, out) => measured(() => scorer.scoreInto(histories, out)),
      ...(can(scorer, 'complements') && {
        complementsInto: (rows: Uint32Array, out: Float32Array) =>
          measured(() => scorer.complementsInto(rows, out)),
        scoreCartInto: (rows: Uint32Array, out: Float32Array) =>
          measured(() => scorer.scoreCartInto(rows, out)),
      }),
    },
    seconds: () => seconds,
  };
}

let loaded: Loaded | undefined;

async function load({ key, model, config, artifact, scorerRows }: AnswerPayload): Promise<Loaded> {
  // Decoding requires bytes that no other thread can change.
  const bytes = new Uint8Array(artifact).slice();
  const { scorer, seconds } = timed(modelByName(model, config).load(await decodeArtifact(bytes)));
  return { key, measure: measurer(scorer, new Int32Array(scorerRows)), seconds };
}

async function answer(payload: AnswerPayload): Promise<Answer> {
  if (loaded?.key !== payload.key) loaded = await load(payload);
  const { measure, seconds } = loaded;
  const before = seconds();
  const measured = measure(payload.batch);
  return { ...measured, seconds: seconds() - before };
}

/** Thread tasks of an evaluation, by name. */
export const scoringTasks: Readonly<Record<string, ThreadTask>> = {
  [taskName]: payload => answer(payload as AnswerPayload),
};

function shared<T extends Uint8Array | Int32Array>(values: T): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(values.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return buffer;
}

let runs = 0;

/**
 * Returns an answerer that runs on the threads of a pool.
 *
 * @param addSeconds - called with the seconds that scorers took, summed over threads
 */
export function threadAnswerer(
  scorer: Scorer,
  { train }: Questions,
  { name, config, bytes }: EncodedModel,
  threads: ThreadPool,
  addSeconds: (seconds: number) => void,
): Answerer {
  const scorerRows = rowsIn(train.products, scorer.products);
  const key = `run ${runs++}`;
  const common = { key, model: name, config, artifact: shared(bytes), scorerRows: shared(scorerRows) };
  return {
    scorerRows,
    batchSize: batchSizeFor(scorer.products.size),
    // More batches than threads, so that no thread waits long for the slowest.
    atOnce: 4 * threads.size,
    async answer(batches) {
      const answers = await threads.run(
        taskName,
        batches.map(batch => ({ ...common, batch })),
      );
      for (const { seconds } of answers as Answer[]) addSeconds(seconds);
      return answers as Answer[];
    },
  };
}
