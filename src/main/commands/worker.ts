import type { Command } from 'commander';
import { processConfig } from '../config';
import { listenForStop } from '../stopRequest';

/** A running worker. */
export interface OpenedWorker {
  /** Description of its database and queue, without secrets. */
  readonly description: string;
  /** Returns the active job to the queue, then closes all connections. */
  close(): Promise<void>;
}

/** Opens database and queue and starts a worker. */
export type OpenWorker = () => Promise<OpenedWorker>;

/** Adds `affinity worker` to the program. */
export function registerWorker(program: Command, openWorker: OpenWorker): void {
  program
    .command('worker')
    .description('Run training jobs, retrain changed shops, and remove expired data, until stopped')
    .action(async () => {
      const stop = listenForStop(processConfig());
      const worker = await openWorker();
      console.log(`Running training jobs: ${worker.description}. Stop with Ctrl-C.`);
      console.log(`Stopping after ${await stop.requested}: returning the active job to the queue.`);
      await worker.close();
    });
}
