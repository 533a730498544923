import { baselineContender, type Contender } from '../../../evaluation/contender';
import { figureNames, figuresOf } from '../../../evaluation/report/figures';
import { htmlReport } from '../../../evaluation/report/htmlReport';
import type { ModelOutcome } from '../../../evaluation/report/modelOutcome';
import type { ModelReport } from '../../../evaluation/report/modelReport';
import { reportLines } from '../../../evaluation/report/reportLine';
import { reportTable } from '../../../evaluation/report/reportTable';
import { minDrawableNegatives, type SampledOptions } from '../../../evaluation/sampled';
import type { Task } from '../../../evaluation/task';
import { setLine, type Tuned, tune } from '../../../evaluation/tune';
import { createContenders } from './contenders';
import { measureCost } from './measureCost';
import { type EvaluateOptions, type EvaluateRun, invalid } from './options';
import { readTask } from './readTask';
import { checkReport, environmentOf, writeReport } from './reportFile';
import { runModel } from './runModel';

const sampledOf = ({ negatives, negativeSeed }: EvaluateOptions): SampledOptions | undefined =>
  negatives === undefined ? undefined : { negatives, seed: negativeSeed };

async function runOnce(
  contender: Contender,
  task: Task,
  options: EvaluateRun,
  seed: number,
): Promise<ModelReport> {
  const { limitUsers, threads, signal } = options;
  const { result, cost } = await measureCost(contender.name, onProgress =>
    runModel({
      contender,
      task,
      seed,
      limitUsers,
      sampled: sampledOf(options),
      threads,
      signal,
      onProgress,
    }),
  );
  return { ...result, peakMemoryMb: cost.peakMemoryMb };
}

async function evaluateOne(contender: Contender, task: Task, options: EvaluateRun): Promise<ModelOutcome> {
  const seeds = Array.from({ length: options.seeds }, (_, index) => options.seed + index);
  const runs: ModelReport[] = [];
  for (const seed of seeds) runs.push(await runOnce(contender, task, options, seed));
  const { name, config } = contender;
  const { protocol, order, holdOut, isSession } = task;
  const context = { model: name, task: options.task, protocol, order, holdOut, isSession, seeds, config };
  return {
    context: { ...context, sampled: sampledOf(options) },
    runs,
    figures: figuresOf(runs, options.seed),
  };
}

/** The metric that models are compared by. @throws {GatewayError} EVALUATION_INVALID */
function metricOf({ metric }: EvaluateOptions, task: Task): string {
  const chosen = metric ?? task.primaryMetric;
  const figures = figureNames(task);
  if (figures.includes(chosen)) return chosen;
  throw invalid(`--metric among ${figures.join(', ')}`, chosen, 'Choose one.');
}

/** Refuses more negatives than can be drawn for some user: that user's figures would be of fewer negatives, and too high. */
function checkNegatives(
  { negatives, limitUsers = Number.POSITIVE_INFINITY }: EvaluateOptions,
  task: Task,
): void {
  if (negatives === undefined || task.questions === null) return;
  const most = minDrawableNegatives(task.questions, limitUsers);
  if (negatives <= most) return;
  const got = `--negatives ${negatives}, and a user with only ${most} of ${task.train.products.size} items in neither part`;
  throw invalid('at least --negatives items that are in neither part of a user', got, `Use at most ${most}.`);
}

/**
 * Reads the task and checks it and the metric before any model trains.
 *
 * @throws {GatewayError} EVALUATION_INVALID when nothing is held out, or the task does not have the metric
 */
async function readCheckedTask(options: EvaluateOptions): Promise<Task> {
  const task = await readTask(options);
  metricOf(options, task);
  const isEmpty = task.questions?.userRows.length === 0 || task.ratings?.user.length === 0;
  if (isEmpty) throw invalid('at least one user with an item to find', 'none', 'Give users more items.');
  checkNegatives(options, task);
  return task;
}

/** Chooses settings on the validation hold-out and prints them on standard error. */
async function tuneAll(contenders: readonly Contender[], options: EvaluateRun): Promise<readonly Tuned[]> {
  const task = await readCheckedTask({ ...options, holdout: 'validation' });
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

/** Prints the results, and writes the HTML page when --report names one. */
async function show(
  outcomes: readonly ModelOutcome[],
  tuned: readonly Tuned[],
  task: Task,
  options: EvaluateOptions,
): Promise<void> {
  const metric = metricOf(options, task);
  const lines = reportLines(outcomes, metric);
  if (options.json) for (const line of lines) console.log(JSON.stringify(line));
  else if (lines.length > 0) console.log(reportTable(lines));
  const chosen = tuned.map(({ contender }) => setLine(contender)).filter(line => line !== '');
  if (!options.json && chosen.length > 0)
    console.log(`\nChosen on the validation hold-out:\n${chosen.join('\n')}`);
  if (options.report === undefined || lines.length === 0) return;
  const environment = environmentOf();
  await writeReport(
    options.report,
    htmlReport({ lines, outcomes, tuned, metric, task: options.task, environment }),
  );
}

/**
 * `affinity evaluate` with a task of models of the registry.
 *
 * @throws {GatewayError} EVALUATION_INVALID, TRAINING_DATA_INSUFFICIENT, CANCELLED
 */
export async function evaluateModels(options: EvaluateRun): Promise<void> {
  const given = createContenders(options);
  await checkReport(options);
  const tuned = options.tune ? await tuneAll(given, options) : [];
  const task = await readCheckedTask(options);
  const models = options.tune ? tuned.map(({ contender }) => contender) : given;
  const outcomes: ModelOutcome[] = [];
  try {
    for (const contender of [...task.baselines.map(baselineContender), ...models])
      outcomes.push(await evaluateOne(contender, task, options));
  } finally {
    // Models that finished before a failure are printed all the same.
    await show(outcomes, tuned, task, options);
  }
}
