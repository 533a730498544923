// Entry of a training thread. It opens a store, runs one job, saves the run's record, and ends.
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

/** Database connections of a training thread: it reads one stream and writes little. */
const poolSize = 2;
/** Smallest step of progress that is sent. */
const progressStep = 0.01;

const send = (message: TrainingThreadMessage): void => parentPort?.postMessage(message);

/**
 * Lowers the priority of this thread and of the threads that it starts, so that serving comes first. On Linux process id 0
 * means the calling thread; on other systems this would slow the whole process, including serving.
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
  let sentShare = 0;
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
        if (share - sentShare < progressStep && share < 1) return;
        sentShare = share;
        send({ kind: 'progress', share });
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
    run => send({ kind: 'finished', run }),
    (error: unknown) => send({ kind: 'failed', error: toPlainError(error) }),
  )
  .finally(() => parentPort?.close());
