import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import type { ThreadPool } from '../../numeric/threadPool';
import { createThreadPool } from '../threads';
import { evaluateModels } from './evaluate/models';
import { evaluateNextAction } from './evaluate/nextAction';
import { addOptions, defaultSeed, type EvaluateOptions, type EvaluateRun, invalid } from './evaluate/options';
import { evaluateResponse } from './evaluate/response';
import { evaluateShop } from './evaluate/shop';
import { evaluateTags } from './evaluate/tags';
import {
  ofColumns,
  ofInsights,
  ofShops,
  ofTable,
  ofTables,
  refuseUnused,
  type UsedOptions,
  usedByModels,
} from './evaluate/unusedOptions';
import { evaluateUplift } from './evaluate/uplift';
import type { OpenStores } from './import';

/** Opens threads to train on; `close` ends them. */
export type OpenThreads = () => ThreadPool & { close(): Promise<void> };

const threadsOfAllCores: OpenThreads = () => createThreadPool(availableParallelism());

/** Adds `affinity evaluate` to the program. */
export function registerEvaluate(
  program: Command,
  openStores: OpenStores,
  openThreads: OpenThreads = threadsOfAllCores,
): void {
  const command = program
    .command('evaluate')
    .description('Train models on a shop or a file and measure how well they find the held-out items');
  addOptions(command).action((files: readonly string[], given: Omit<EvaluateOptions, 'files'>) => {
    const seed = command.getOptionValueSource('seed') === 'default' ? seedOf(given.task) : given.seed;
    const options: EvaluateOptions = { ...given, seed, files };
    refuseUnused(options, command, usedOptions);
    return evaluateCommand(options, openStores, openThreads);
  });
}

/** Tasks with a protocol of their own. All other tasks ask models of the registry one kind of question. */
const ownTasks: ReadonlyMap<string, (options: EvaluateRun) => Promise<void>> = new Map([
  ['next-action', evaluateNextAction],
  ['response', evaluateResponse],
  ['shop', evaluateShop],
  ['tags', evaluateTags],
  ['uplift', evaluateUplift],
]);

/** Seed of tasks whose published figures have another one. */
const ownSeeds: ReadonlyMap<string, number> = new Map([['response', 42]]);
const seedOf = (task: string): number => ownSeeds.get(task) ?? defaultSeed;

const usedOptions: UsedOptions = new Map([
  ...usedByModels,
  ['next-action', [...ofInsights, ...ofColumns, 'data', 'limitUsers']],
  ['next-action --demo', [...ofInsights, 'demo', 'splitSeed']],
  ['response', [...ofTables, 'test', 'split', 'positive']],
  ['shop', [...ofShops, 'shop', 'databaseUrl', 'data']],
  ['shop --preset', [...ofShops, 'preset', 'data']],
  ['shop --demo', [...ofShops, 'demo', 'splitSeed']],
  ['tags', [...ofInsights, 'data', 'text', 'category', 'part', 'limitUsers']],
  ['tags --demo', [...ofInsights, 'demo', 'splitSeed']],
  ['tags --preset', [...ofInsights, 'preset', 'data']],
  ['tags --shop', [...ofInsights, 'shop', 'databaseUrl']],
  ['uplift', [...ofTable, 'positive', 'treatment', 'arm', 'control', 'splits']],
]);

/** @throws {GatewayError} EVALUATION_INVALID on files that the task does not read */
function checkFiles({ task, preset, files }: EvaluateOptions): void {
  if (task === 'shop' || (task === 'tags' && preset !== undefined) || files.length === 0) return;
  throw invalid(
    `only options with --task ${task}`,
    files.join(' '),
    'Name files with options, as in --data FILE.',
  );
}

async function evaluateCommand(
  options: EvaluateOptions,
  openStores: OpenStores,
  openThreads: OpenThreads,
): Promise<void> {
  checkFiles(options);
  const stop = new AbortController();
  const onSignal = (): void =>
    stop.abort(
      new GatewayError(
        'CANCELLED',
        'Expected the evaluation to finish; got a signal to stop. Start it again.',
      ),
    );
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const threads = openThreads();
  try {
    const evaluateTask = ownTasks.get(options.task) ?? evaluateModels;
    await evaluateTask({ ...options, openStores, threads, signal: stop.signal });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await threads.close();
  }
}
