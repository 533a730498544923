// Entry of the worker threads of createThreadPool: runs named tasks, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { insightTasks } from '../insights/registry';
import { threadTasks } from '../models/threadTasks';
import type { ThreadTask } from '../numeric/threadPool';
import { scoringTasks } from './commands/evaluate/scoringThreads';
import { type ThreadAnswer, type ThreadOrder, toPlainError } from './threadMessages';

/** Path of this file when compiled, which the pool starts workers with. */
export const threadEntry = __filename;
/** The workerData of such a worker; other workers may import this file. */
export const threadRole = 'affinity-thread';

/** All tasks of threads: of models, of insights, and of evaluations. */
const tasks: Readonly<Record<string, ThreadTask>> = { ...threadTasks, ...insightTasks, ...scoringTasks };

async function answerTo({ task, payload }: ThreadOrder): Promise<ThreadAnswer> {
  try {
    const work = tasks[task];
    if (!work)
      throw new Error(
        `Expected a registered thread task; got ${task}. Add it to the thread tasks of its model or insight.`,
      );
    return { result: await work(payload) };
  } catch (error) {
    return { error: toPlainError(error) };
  }
}

if (workerData === threadRole) {
  parentPort?.on('message', (order: ThreadOrder) => {
    answerTo(order)
      .then(answer => parentPort?.postMessage(answer))
      // The result cannot be cloned.
      .catch(error => parentPort?.postMessage({ error: new Error(String(error)) }));
  });
}
