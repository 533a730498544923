import type { Logger } from 'pino';
import { createTrainingQueue } from '../store/bullmq/trainingQueue';
import type { Stores } from '../store/ports/stores';
import type { TrainingQueue } from '../store/ports/trainingQueue';
import type { OpenWorker } from './commands/worker';
import { createErrorReporter } from './compose';
import { processConfig } from './config';
import { openDatabase } from './database';
import { createLogger } from './logger';
import { newId } from './newId';
import { logSettled, startRunSweeper } from './runSweeper';
import { isInsight, trainableByName } from './trainables';
import { createTrainer, type Trainer } from './trainer';
import type { EncodingConfig } from './trainingThread';

/** Options of {@link createWorker}. */
export interface WorkerOptions {
  readonly stores: Stores;
  readonly queue: TrainingQueue;
  readonly databaseUrl: string;
  readonly threads: number;
  readonly retrainMinutes: number;
  /** Names of the models and insights to keep trained. */
  readonly models: readonly string[];
  readonly encoding: EncodingConfig;
  readonly logger: Logger;
  readonly onError: (error: unknown) => void;
}

/** Creates a trainer over an open database and queue, for a gateway or a separate worker process. */
export function createWorker({ logger, models, ...options }: WorkerOptions): Trainer {
  return createTrainer({
    ...options,
    cards: models.map(name => trainableByName(name).card),
    isBackground: isInsight,
    clock: Date.now,
    newId,
    onRun: ({ model, status, reason }) => logger.info({ model, status, reason }, 'training ended'),
  });
}

/** Opens database and queue for `affinity worker`. @throws {GatewayError} UNAVAILABLE, MIGRATION_DRIFT, CONFIG_INVALID */
export const openWorker: OpenWorker = async () => {
  const config = processConfig();
  const logger = createLogger(config.logLevel);
  const onError = createErrorReporter(logger, null);
  const database = await openDatabase({
    config,
    onLog: message => logger.info(message),
    onWarning: message => logger.warn(message),
  });
  const queue = await createTrainingQueue({ databaseUrl: database.url, redisUrl: config.redisUrl, onError });
  const worker = createWorker({
    stores: database.stores,
    queue,
    databaseUrl: database.url,
    threads: config.threads,
    retrainMinutes: config.retrainMinutes,
    models: config.models,
    encoding: { encoder: config.encoder, dataDir: config.dataDir },
    logger,
    onError,
  });
  await worker.start();
  const { stores } = database;
  const stopSweeping = startRunSweeper({ stores, queue, onError, onRun: run => logSettled(logger, run) });
  await worker.queueFirstTrainings().catch(onError);
  const jobs = config.redisUrl === null ? 'PostgreSQL' : 'Redis';
  return {
    description: `${database.isEmbedded ? 'embedded database' : 'DATABASE_URL'}, jobs in ${jobs}, ${config.threads} thread(s)`,
    async close() {
      await worker.stop();
      await stopSweeping();
      await queue.close();
      await database.close();
    },
  };
};
