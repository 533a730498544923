import { type Command, InvalidArgumentError } from 'commander';
import { GatewayError } from '../../domain/errors';
import { type ShopId, toShopId } from '../../domain/ids';
import type { DocumentEncoder } from '../../store/ports/documentEncoder';
import type { Stores } from '../../store/ports/stores';
import type { TrainingRunRecord } from '../../store/ports/trainingRun';
import { readSnapshotFor } from '../../training/documentVectors';
import { readSnapshot } from '../../training/readSnapshot';
import { runTraining } from '../../training/runTraining';
import { withHeartbeat } from '../../training/silentRuns';
import { processConfig } from '../config';
import { newId } from '../newId';
import { openEncoder } from '../openEncoder';
import { withProgress } from '../progress';
import { createThreadPool } from '../threads';
import { defaultTrainings, historySettings, trainableByName, trainableNames } from '../trainables';
import type { OpenStores } from './import';
import { formatRuns } from './trainingTable';

interface TrainOptions {
  readonly shop: string;
  readonly models: readonly string[];
  readonly seed: number;
  readonly threads: number;
  readonly json?: boolean;
  readonly databaseUrl?: string;
}

/** Inputs of a training in the foreground. */
interface ForegroundTraining {
  readonly stores: Stores;
  readonly shopId: ShopId;
  /** Names of models and insights, in the order to train them. */
  readonly models: readonly string[];
  readonly seed: number;
  /** Threads of the training pool. */
  readonly threads: number;
  readonly signal: AbortSignal;
  readonly onProgress: (model: string, share: number) => void;
  /** Opens the encoder of product texts; null: none. */
  readonly openEncoder: () => Promise<DocumentEncoder | null>;
}

const readNumber =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Expected an integer from ${low} to ${high}.`);
  };

const readModels = (text: string): readonly string[] =>
  text.split(',').map(name => {
    const trimmed = name.trim();
    if (trainableNames.includes(trimmed)) return trimmed;
    throw new InvalidArgumentError(`Expected names among ${trainableNames.join(', ')}.`);
  });

/** Adds `affinity train` to the program. @param threads - default number of threads, see main/config.ts */
export function registerTrain(program: Command, openStores: OpenStores, threads: () => number): void {
  program
    .command('train')
    .description('Train models and insights of a shop in this process, and publish those that pass the gate')
    .requiredOption('--shop <id>', 'the shop')
    .option('--models <names>', `some of ${trainableNames.join(',')}`, readModels, defaultTrainings)
    .option(
      '--seed <number>',
      'equal seed, events and live artifact give equal models',
      readNumber(0, 0xffffffff),
      1,
    )
    .option('--threads <number>', 'threads to train with', readNumber(1, 256))
    .option('--json', 'print the runs as one JSON array')
    .option('--database-url <url>', 'a PostgreSQL other than the configured one')
    .action(async (options: Omit<TrainOptions, 'threads'> & { readonly threads?: number }) => {
      await trainCommand({ ...options, threads: options.threads ?? threads() }, openStores);
    });
}

/**
 * Trains models and insights one after the other in this process, on one snapshot of the events.
 *
 * @throws {GatewayError} NOT_FOUND for a shop that does not exist; UNAVAILABLE
 */
async function trainInForeground(training: ForegroundTraining): Promise<readonly TrainingRunRecord[]> {
  const { stores, shopId, models, seed, threads, signal, onProgress, openEncoder } = training;
  if ((await stores.shops.find(shopId)) === null) {
    throw new GatewayError(
      'NOT_FOUND',
      'Expected an existing shop; got an unknown one. Import into it first.',
      {
        shopId,
      },
    );
  }
  const pool = createThreadPool(threads);
  // Running tasks do not see the signal: ending their threads lets the run record its cancellation at once.
  const endThreads = () => void pool.close();
  signal.addEventListener('abort', endThreads, { once: true });
  const readAt = Date.now();
  const reading = readSnapshot(stores, shopId, readAt, signal);
  // Each run awaits it and reports its failure; this prevents an unhandled rejection before the first await.
  reading.catch(() => undefined);
  const runs: TrainingRunRecord[] = [];
  try {
    for (const model of models) {
      const job = { shopId, runId: newId(Date.now()), model, seed };
      const options = {
        stores,
        loadTrainable: trainableByName,
        history: historySettings(processConfig()),
        job,
        threads: pool,
        clock: Date.now,
        newId,
        onProgress: (share: number) => onProgress(model, share),
        signal,
        readAt,
        readSnapshot: () =>
          readSnapshotFor(trainableByName(model).card, { read: () => reading, openEncoder }, signal),
      };
      const run = await withHeartbeat(stores, job, () => runTraining(options));
      runs.push(run);
      if (run.status === 'CANCELLED') break;
    }
  } finally {
    signal.removeEventListener('abort', endThreads);
    await pool.close();
  }
  return runs;
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return stop.signal;
}

async function trainCommand(options: TrainOptions, openStores: OpenStores): Promise<void> {
  const { models, seed, threads } = options;
  const signal = stopSignal();
  const opened = await openStores({ databaseUrl: options.databaseUrl });
  try {
    const { stores } = opened;
    const shopId = toShopId(options.shop);
    const runs = await withProgress(`Training "${shopId}"`, update =>
      trainInForeground({
        stores,
        shopId,
        models,
        seed,
        threads,
        signal,
        onProgress: (model, share) => update((models.indexOf(model) + share) / models.length, model),
        openEncoder: () => openEncoder(processConfig()),
      }),
    );
    console.log(options.json ? JSON.stringify(runs) : formatRuns(runs));
    if (runs.some(run => run.status === 'FAILED' || run.status === 'CANCELLED')) process.exitCode = 1;
  } finally {
    await opened.close();
  }
}
