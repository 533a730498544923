import type { Command } from 'commander';

/** A running worker. */
export interface OpenedWorker {
  /** Description of its database and queue, without secrets. */
  readonly description: string;
  /** Returns the active job to the queue, then closes all connections. */
  close(): Promise<void>;
}

/** Opens database and queue and starts a worker. */
export type OpenWorker = () => Promise<OpenedWorker>;

/** Resolves at SIGINT or SIGTERM, with the name of the signal. */
const stopRequested = (): Promise<string> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });

/** Adds `affinity worker` to the program. */
export function registerWorker(program: Command, openWorker: OpenWorker): void {
  program
    .command('worker')
    .description('Run training jobs, retrain changed shops, and remove expired data, until stopped')
    .action(async () => {
      const stopping = stopRequested();
      const worker = await openWorker();
      console.log(`Running training jobs: ${worker.description}. Stop with Ctrl-C.`);
      const signal = await stopping;
      console.log(`Got ${signal}: returning the active job to the queue.`);
      await worker.close();
    });
}
