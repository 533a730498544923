// Questions answered on worker threads: each holds the scorer once and takes batches.
import { decodeArtifact } from '../../../artifact/decode';
import type { Answerer } from '../../../evaluation/evaluation';
import { batchSizeFor, type Measured, measurer, rowsIn } from '../../../evaluation/measure';
import type { Question, Questions } from '../../../evaluation/questions';
import { can } from '../../../models/capability';
import type { Scorer } from '../../../models/model';
import { modelByName } from '../../../models/registry';
import type { ThreadPayload, ThreadPool, ThreadTask } from '../../../numeric/threadPool';

const taskName = 'evaluate.answer';

/** What a thread is sent with every batch. */
interface AnswerPayload extends ThreadPayload {
  /** Tells one trained model from another. */
  readonly key: string;
  readonly model: string;
  readonly config: Readonly<Record<string, number>>;
  /** The encoded artifact and the row in the scorer of every catalogue row, shared between threads. */
  readonly artifact: SharedArrayBuffer;
  readonly scorerRows: SharedArrayBuffer;
  readonly batch: readonly Question[];
}

/** What a thread answers. */
interface Answer extends Measured {
  readonly seconds: number;
}

/** A model as it was loaded last on this thread. */
interface Loaded {
  readonly key: string;
  readonly measure: (batch: readonly Question[]) => Measured;
  /** Seconds the scorer alone was busy so far. */
  readonly seconds: () => number;
}

/** A scorer that keeps the time it is busy. */
export function timed(scorer: Scorer): { readonly scorer: Scorer; readonly seconds: () => number } {
  let seconds = 0;
  const keeping = (work: () => void): void => {
    const start = performance.now();
    work();
    seconds += (performance.now() - start) / 1000;
  };
  return {
    scorer: {
      ...scorer,
      scoreInto: (histories, out) => keeping(() => scorer.scoreInto(histories, out)),
      ...(can(scorer, 'complements') && {
        complementsInto: (rows: Uint32Array, out: Float32Array) =>
          keeping(() => scorer.complementsInto(rows, out)),
      }),
    },
    seconds: () => seconds,
  };
}

let loaded: Loaded | undefined;

async function load({ key, model, config, artifact, scorerRows }: AnswerPayload): Promise<Loaded> {
  // Decoding wants bytes that nobody else can change.
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

/** What threads must know to answer questions. */
export const scoringTasks: Readonly<Record<string, ThreadTask>> = {
  [taskName]: payload => answer(payload as AnswerPayload),
};

function shared<T extends Uint8Array | Int32Array>(values: T): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(values.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return buffer;
}

/** A trained model of the registry. */
export interface ThreadedModel {
  readonly name: string;
  readonly config: Readonly<Record<string, number>>;
  readonly bytes: Uint8Array;
}

let runs = 0;

/** Has a pool's threads answer; `addSeconds` hears how long scorers were busy, all threads together. */
export function threadAnswerer(
  scorer: Scorer,
  { train }: Questions,
  { name, config, bytes }: ThreadedModel,
  threads: ThreadPool,
  addSeconds: (seconds: number) => void,
): Answerer {
  const scorerRows = rowsIn(train.products, scorer.products);
  const key = `run ${runs++}`;
  const common = { key, model: name, config, artifact: shared(bytes), scorerRows: shared(scorerRows) };
  return {
    scorerRows,
    batchSize: batchSizeFor(scorer.products.size),
    // Some more than there are threads, so that none waits for the slowest.
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
