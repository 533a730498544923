import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { GatewayError } from '../../domain/errors';
import type { Model } from '../../models/model';
import { modelByName } from '../../models/registry';
import type { ThreadPool } from '../../numeric/threadPool';
import { createThreadPool } from '../threads';
import { addOptions, allModels, type EvaluateOptions, invalid } from './evaluate/options';
import { createProgress } from './evaluate/progress';
import { readTask, type Task } from './evaluate/readTask';
import { type ReportLine, reportLine, reportTable } from './evaluate/report';
import { runModel } from './evaluate/runModel';

/** Threads to train on, and how to end them. */
export type OpenThreads = () => ThreadPool & { close(): Promise<void> };

const threadsOfAllCores: OpenThreads = () => createThreadPool(availableParallelism());

/** Adds `affinity evaluate` to the program. */
export function registerEvaluate(program: Command, openThreads: OpenThreads = threadsOfAllCores): void {
  const command = program
    .command('evaluate')
    .description('Train models on a file and measure how well they find what was held out');
  addOptions(command).action((options: EvaluateOptions) => evaluateCommand(options, openThreads));
}

/** All models, made before anything is read, so that a misspelt setting costs no time. */
function createModels({ models = allModels, set = [] }: EvaluateOptions): readonly Model[] {
  const stray = set.find(override => !models.includes(override.model));
  if (stray)
    throw invalid(`--set for a model in --models (${models.join(', ')})`, stray.model, 'Add it there.');
  if (models.length === 0) throw invalid('at least one model in --models', 'none', 'Name one.');
  try {
    return models.map(name => {
      const own = set.filter(override => override.model === name);
      return modelByName(name, Object.fromEntries(own.map(({ setting, value }) => [setting, value])));
    });
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause;
    throw new GatewayError('EVALUATION_INVALID', cause.message, cause.details, { cause });
  }
}

/** What a run goes by. */
interface Surroundings {
  readonly threads: ThreadPool;
  readonly signal: AbortSignal;
}

async function evaluateOne(
  model: Model,
  task: Task,
  options: EvaluateOptions,
  surroundings: Surroundings,
): Promise<ReportLine> {
  const { seed, limitUsers, negatives } = options;
  const sampled = negatives === undefined ? undefined : { negatives, seed: options.negativeSeed };
  const { name } = model.card;
  const progress = createProgress(name, process.stderr);
  try {
    const { questions } = task;
    const onProgress = progress.show;
    const report = await runModel({
      model,
      questions,
      seed,
      limitUsers,
      sampled,
      onProgress,
      ...surroundings,
    });
    return reportLine({ ...task, model: name, task: options.task, seed, sampled }, report);
  } finally {
    progress.stop();
  }
}

async function evaluateModels(options: EvaluateOptions, surroundings: Surroundings): Promise<void> {
  const models = createModels(options);
  const task = await readTask(options);
  if (task.questions.askers.length === 0)
    throw invalid('at least one user with an item to find', 'none', 'Give users more items.');
  const lines: ReportLine[] = [];
  for (const model of models) {
    const line = await evaluateOne(model, task, options, surroundings);
    lines.push(line);
    if (options.json) console.log(JSON.stringify(line));
  }
  if (!options.json) console.log(reportTable(lines));
}

async function evaluateCommand(options: EvaluateOptions, openThreads: OpenThreads): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const threads = openThreads();
  try {
    await evaluateModels(options, { threads, signal: stop.signal });
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    await threads.close();
  }
}
