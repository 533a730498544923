import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { compareWithBest } from '../../evaluation/significance';
import type { ThreadPool } from '../../numeric/threadPool';
import { createThreadPool } from '../threads';
import { baselineContender, type Contender, createContenders } from './evaluate/contender';
import { figureNames, figuresOf } from './evaluate/figures';
import { htmlReport } from './evaluate/htmlReport';
import { evaluateNextAction } from './evaluate/nextAction/command';
import { addOptions, type EvaluateOptions, invalid } from './evaluate/options';
import { createProgress } from './evaluate/progress';
import { readTask } from './evaluate/readTask';
import { type ModelOutcome, type ReportLine, reportLine, reportTable } from './evaluate/report';
import { type ModelReport, runModel } from './evaluate/runModel';
import { evaluateTags } from './evaluate/tags/command';
import { isHigherBetter, type Task } from './evaluate/task';
import { setLine, type Tuned, tune } from './evaluate/tune';

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

/** What a run goes by. */
interface Surroundings {
  readonly threads: ThreadPool;
  readonly signal: AbortSignal;
}

const sampledOf = ({ negatives, negativeSeed }: EvaluateOptions) =>
  negatives === undefined ? undefined : { negatives, seed: negativeSeed };

async function runOnce(
  contender: Contender,
  task: Task,
  options: EvaluateOptions & Surroundings,
  seed: number,
): Promise<ModelReport> {
  const { limitUsers, threads, signal } = options;
  const progress = createProgress(contender.name, process.stderr);
  try {
    const [sampled, onProgress] = [sampledOf(options), progress.show];
    return await runModel({ contender, task, seed, limitUsers, sampled, threads, signal, onProgress });
  } finally {
    progress.stop();
  }
}

async function evaluateOne(
  contender: Contender,
  task: Task,
  options: EvaluateOptions & Surroundings,
): Promise<ModelOutcome> {
  const seeds = Array.from({ length: options.seeds }, (_, index) => options.seed + index);
  const runs: ModelReport[] = [];
  for (const seed of seeds) runs.push(await runOnce(contender, task, options, seed));
  const { name, config } = contender;
  const { protocol, holdOut, isSession } = task;
  const context = { model: name, task: options.task, protocol, holdOut, isSession, seeds, config };
  return {
    context: { ...context, sampled: sampledOf(options) },
    runs,
    figures: figuresOf(runs, options.seed),
  };
}

/** The figure models are compared by. @throws {GatewayError} EVALUATION_INVALID */
function metricOf({ metric }: EvaluateOptions, task: Task): string {
  const chosen = metric ?? task.main;
  const figures = figureNames(task);
  if (figures.includes(chosen)) return chosen;
  throw invalid(`--metric among ${figures.join(', ')}`, chosen, 'Choose one.');
}

/** A task someone can be asked about, with a figure to compare by: what is wrong is said before anything is trained. */
async function readAskable(options: EvaluateOptions): Promise<Task> {
  const task = await readTask(options);
  metricOf(options, task);
  const isEmpty = task.questions?.askers.length === 0 || task.ratings?.user.length === 0;
  if (isEmpty) throw invalid('at least one user with an item to find', 'none', 'Give users more items.');
  return task;
}

/** Settings chosen on the validation hold-out; says on standard error what they are. */
async function tuneAll(
  contenders: readonly Contender[],
  options: EvaluateOptions & Surroundings,
): Promise<readonly Tuned[]> {
  const task = await readAskable({ ...options, holdout: 'validation' });
  const tuned: Tuned[] = [];
  const metric = metricOf(options, task);
  for (const contender of contenders) {
    const measure = async (tried: Contender): Promise<number> =>
      figuresOf([await runOnce(tried, task, options, options.seed)], options.seed).means[metric];
    const found = await tune(contender, { trials: options.tuneTrials, seed: options.seed, metric, measure });
    process.stderr.write(`${contender.name}: chosen ${setLine(found.contender) || '(the defaults)'}\n`);
    tuned.push(found);
  }
  return tuned;
}

/** Outcomes as lines, each held against the best by the main figure. */
function linesOf(outcomes: readonly ModelOutcome[], task: Task, options: EvaluateOptions): ReportLine[] {
  if (outcomes.length === 0) return [];
  const metric = metricOf(options, task);
  const sign = isHigherBetter(metric) ? 1 : -1;
  const values = outcomes.map(({ figures }) => sign * figures.means[metric]);
  const best = values.indexOf(Math.max(...values));
  const samples = outcomes.map(({ figures }) => figures.sample);
  const name = metric === 'rmse' ? 'mse' : metric;
  const isPaired = samples[0].names.includes(name);
  const comparisons = isPaired ? compareWithBest(samples, name, Math.max(0, best)) : samples.map(() => null);
  return outcomes.map((outcome, index) => reportLine(outcome, comparisons[index]));
}

/** Prints, in the form asked for, and writes the page where one is asked for. */
function show(
  outcomes: readonly ModelOutcome[],
  tuned: readonly Tuned[],
  task: Task,
  options: EvaluateOptions,
): void {
  const lines = linesOf(outcomes, task, options);
  if (options.json) for (const line of lines) console.log(JSON.stringify(line));
  else if (lines.length > 0) console.log(reportTable(lines));
  const chosen = tuned.map(({ contender }) => setLine(contender)).filter(line => line !== '');
  if (!options.json && chosen.length > 0)
    console.log(`\nChosen on the validation hold-out:\n${chosen.join('\n')}`);
  if (options.report === undefined || lines.length === 0) return;
  const metric = options.metric ?? task.main;
  writeFileSync(options.report, htmlReport({ lines, outcomes, tuned, metric, task: options.task }));
}

async function evaluateModels(options: EvaluateOptions & Surroundings): Promise<void> {
  const given = createContenders(options);
  const tuned = options.tune ? await tuneAll(given, options) : [];
  const task = await readAskable(options);
  const models = options.tune ? tuned.map(({ contender }) => contender) : given;
  const outcomes: ModelOutcome[] = [];
  try {
    for (const contender of [...task.baselines.map(baselineContender), ...models])
      outcomes.push(await evaluateOne(contender, task, options));
  } finally {
    // What was measured before a failure is not lost.
    show(outcomes, tuned, task, options);
  }
}

/** Tasks that ask no model of the registry. */
const insightTasks: ReadonlyMap<string, typeof evaluateModels> = new Map([
  ['next-action', evaluateNextAction],
  ['tags', evaluateTags],
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
