import type { Command } from 'commander';

/** A worker that was opened and takes jobs. */
export interface OpenedWorker {
  /** Where it works, without secrets, for a person. */
  readonly description: string;
  /** Hands the job in hand back, then lets go of everything. */
  close(): Promise<void>;
}

/** Opens database and queue and starts a trainer over them. */
export type OpenWorker = () => Promise<OpenedWorker>;

/** Resolves when the process is asked to stop. */
const asked = (): Promise<string> =>
  new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal));
  });

/** Adds `affinity worker` to the program. */
export function registerWorker(program: Command, openWorker: OpenWorker): void {
  program
    .command('worker')
    .description('Take training jobs, train again what changed, and remove what expired, until stopped')
    .action(async () => {
      const stopping = asked();
      const worker = await openWorker();
      console.log(`Taking training jobs: ${worker.description}. Stop with Ctrl-C.`);
      const signal = await stopping;
      console.log(`Got ${signal}: handing back the job in hand.`);
      await worker.close();
    });
}
