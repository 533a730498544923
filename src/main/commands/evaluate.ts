import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import type { ThreadPool } from '../../numeric/threadPool';
import { createThreadPool } from '../threads';
import { evaluateModels } from './evaluate/models';
import { evaluateNextAction } from './evaluate/nextAction';
import { addOptions, type EvaluateOptions, type EvaluateRun } from './evaluate/options';
import { evaluateTags } from './evaluate/tags';
import {
  ofColumns,
  ofInsights,
  refuseUnused,
  type UsedOptions,
  usedByModels,
} from './evaluate/unusedOptions';

/** Opens threads to train on; `close` ends them. */
export type OpenThreads = () => ThreadPool & { close(): Promise<void> };

const threadsOfAllCores: OpenThreads = () => createThreadPool(availableParallelism());

/** Adds `affinity evaluate` to the program. */
export function registerEvaluate(program: Command, openThreads: OpenThreads = threadsOfAllCores): void {
  const command = program
    .command('evaluate')
    .description('Train models on a file and measure how well they find the held-out items');
  addOptions(command).action((options: EvaluateOptions) => {
    refuseUnused(options, command, usedOptions);
    return evaluateCommand(options, openThreads);
  });
}

/** Tasks of insights. All other tasks are for models of the registry. */
const insightTasks: ReadonlyMap<string, (options: EvaluateRun) => Promise<void>> = new Map([
  ['next-action', evaluateNextAction],
  ['tags', evaluateTags],
]);

const usedOptions: UsedOptions = new Map([
  ...usedByModels,
  ['next-action', [...ofInsights, ...ofColumns, 'data', 'limitUsers']],
  ['next-action --demo', [...ofInsights, 'demo', 'splitSeed']],
  ['tags', [...ofInsights, 'data', 'text', 'category', 'part', 'limitUsers']],
  ['tags --demo', [...ofInsights, 'demo', 'splitSeed']],
]);

async function evaluateCommand(options: EvaluateOptions, openThreads: OpenThreads): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const threads = openThreads();
  try {
    const evaluateTask = insightTasks.get(options.task) ?? evaluateModels;
    await evaluateTask({ ...options, threads, signal: stop.signal });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await threads.close();
  }
}
