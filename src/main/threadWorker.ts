// Entry of the worker threads of createThreadPool: runs the named tasks it is sent, one after the other.
import { parentPort, workerData } from 'node:worker_threads';
import { insightTasks } from '../insights/registry';
import { threadTasks } from '../models/threadTasks';
import type { ThreadTask } from '../numeric/threadPool';
import { scoringTasks } from './commands/evaluate/scoringThreads';
import { type ThreadAnswer, type ThreadOrder, toPlainError } from './threadMessages';

/** This file, compiled: what a worker of the pool is started with. */
export const threadEntry = __filename;
/** The workerData that tells such a worker from another that merely imports this file. */
export const threadRole = 'affinity-thread';

/** All that a thread can be asked to do: what models and insights run, and questions of an evaluation. */
const tasks: Readonly<Record<string, ThreadTask>> = { ...threadTasks, ...insightTasks, ...scoringTasks };

async function answerTo({ task, payload }: ThreadOrder): Promise<ThreadAnswer> {
  try {
    const work = tasks[task];
    if (!work) throw new Error(`Expected a task of models/threadTasks.ts; got ${task}. Register it there.`);
    return { result: await work(payload) };
  } catch (error) {
    return { error: toPlainError(error) };
  }
}

if (workerData === threadRole) {
  parentPort?.on('message', (order: ThreadOrder) => {
    answerTo(order)
      .then(answer => parentPort?.postMessage(answer))
      // A result that structured clone refuses.
      .catch(error => parentPort?.postMessage({ error: new Error(String(error)) }));
  });
}
