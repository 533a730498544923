// Entry of a training thread: one job, from the store it opens to the record it saves, then the thread ends.
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import type { TrainingRunRecord } from '../store/ports/trainingRun';
import { createPrismaStores } from '../store/prisma/stores';
import { readSnapshotFor } from '../training/documentVectors';
import { readSnapshot } from '../training/readSnapshot';
import { runTraining } from '../training/runTraining';
import { processConfig } from './config';
import { newId } from './newId';
import { openEncoder } from './openEncoder';
import { toPlainError } from './threadMessages';
import { createThreadPool } from './threads';
import { historySettings, trainableByName } from './trainables';
import type { TrainingThreadData, TrainingThreadMessage } from './trainingThread';

/** Connections of a training thread: it reads in one stream and writes little. */
const poolSize = 2;
/** A step of progress worth a message. */
const progressStep = 0.01;

const tell = (message: TrainingThreadMessage): void => parentPort?.postMessage(message);

/**
 * Lets serving go first where cores are few. On Linux priority 0 names the calling thread, and threads it starts
 * inherit; elsewhere it would slow the whole process, serving included.
 */
function giveWay(): void {
  if (process.platform === 'linux') setPriority(0, constants.priority.PRIORITY_BELOW_NORMAL);
}

function listenForCancel(): AbortSignal {
  const abort = new AbortController();
  parentPort?.on('message', () => abort.abort());
  return abort.signal;
}

async function train({
  databaseUrl,
  job,
  threads,
  encoding,
}: TrainingThreadData): Promise<TrainingRunRecord> {
  const signal = listenForCancel();
  const stores = await createPrismaStores({ url: databaseUrl, poolSize });
  const pool = createThreadPool(threads);
  let told = 0;
  try {
    return await runTraining({
      stores,
      loadTrainable: trainableByName,
      history: historySettings(processConfig()),
      job,
      threads: pool,
      clock: Date.now,
      newId,
      signal,
      readSnapshot: () =>
        readSnapshotFor(
          trainableByName(job.model).card,
          {
            read: () => readSnapshot(stores, job.shopId, Date.now(), signal),
            openEncoder: async () => encoding && (await openEncoder(encoding)),
          },
          signal,
        ),
      onProgress(share) {
        if (share - told < progressStep && share < 1) return;
        told = share;
        tell({ kind: 'progress', share });
      },
    });
  } finally {
    await pool.close();
    await stores.close();
  }
}

giveWay();
train(workerData as TrainingThreadData)
  .then(
    run => tell({ kind: 'finished', run }),
    (error: unknown) => tell({ kind: 'failed', error: toPlainError(error) }),
  )
  .finally(() => parentPort?.close());
