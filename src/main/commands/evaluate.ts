import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { GatewayError } from '../../domain/errors';
import { nextItemSplit, rankingSplit } from '../../evaluation/tasks';
import type { Model } from '../../models/model';
import { modelByName, modelFactories } from '../../models/registry';
import type { ThreadPool } from '../../numeric/threadPool';
import type { Split } from '../../snapshot/split';
import { createThreadPool } from '../threads';
import { createIdTables, readPairsFile } from './evaluate/pairsFile';
import { createProgress } from './evaluate/progress';
import { type ReportLine, reportLine, reportTable } from './evaluate/report';
import { runModel } from './evaluate/runModel';

const allModels = modelFactories.map(factory => factory.name);

/** Options as commander hands them over. */
interface EvaluateOptions {
  readonly task: string;
  readonly train?: string;
  readonly test?: string;
  readonly data?: string;
  readonly holdout: string;
  readonly models?: readonly string[];
  readonly set?: readonly Override[];
  readonly seed: number;
  readonly limitUsers?: number;
  readonly negatives?: number;
  readonly negativeSeed: number;
  readonly json?: boolean;
}

/** One `--set model.setting=value`. */
interface Override {
  readonly model: string;
  readonly setting: string;
  readonly value: number;
}

function wholeNumber(low: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= low) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${low}; got ${text}.`);
  };
}

function addOverride(text: string, earlier: readonly Override[] = []): readonly Override[] {
  const parts = /^([a-z-]+)\.(\w+)=(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/i.exec(text);
  if (parts) return [...earlier, { model: parts[1], setting: parts[2], value: Number(parts[3]) }];
  throw new InvalidArgumentError(`Expected model.setting=number, as in collaborative.rank=256; got ${text}.`);
}

const commaList = (text: string): readonly string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');

const shortly = (value: number): number => Number(value.toPrecision(3));

/** For `--help`: what can be set of each model. */
function settingsHelp(): string {
  const lines = modelFactories.flatMap(({ name, settings }) =>
    Object.entries(settings).map(
      ([setting, { meaning, default: value, minimum, maximum }]) =>
        `  ${name}.${setting} (${value}; ${shortly(minimum)} to ${shortly(maximum)})\n      ${meaning}`,
    ),
  );
  return `\nSettings for --set, with defaults and ranges:\n${lines.join('\n')}`;
}

const examples = `
Files may be gzip; fields are cut at tabs, semicolons, commas or blanks, whichever the first line has.
  --task ranking    lines "user item item …" in --train and --test
  --task next-item  lines "user item" in time order in --data (or "user item item …", oldest first)
Every user's held-out items are ranked among the whole catalogue less what the user had in training.

Examples:
  affinity evaluate --task ranking --train train.txt --test test.txt --models popularity,collaborative --json
  affinity evaluate --task next-item --data ratings.txt.gz --models item-neighbours --negatives 100`;

/** Threads to train on, and how to end them. */
export type OpenThreads = () => ThreadPool & { close(): Promise<void> };

const threadsOfAllCores: OpenThreads = () => createThreadPool(availableParallelism());

/** Adds `affinity evaluate` to the program. */
export function registerEvaluate(program: Command, openThreads: OpenThreads = threadsOfAllCores): void {
  program
    .command('evaluate')
    .description('Train models on a file and measure how well they find what was held out')
    .requiredOption('--task <task>', 'ranking or next-item')
    .option('--train <file>', 'ranking: what to learn from')
    .option('--test <file>', 'ranking: what to find')
    .option('--data <file>', 'next-item: every user’s items in time order; the last is to be found')
    .option('--holdout <which>', 'next-item: test (the last) or validation (the one before)', 'test')
    .option('--models <names>', `some of ${allModels.join(', ')} (default: all)`, commaList)
    .option(
      '--set <model.setting=number>',
      'change a setting of a model; may be given again',
      addOverride,
      [],
    )
    .option('--seed <number>', 'of all that is random in training', wholeNumber(0), 1)
    .option('--limit-users <number>', 'ask about that many users only', wholeNumber(1))
    .option('--negatives <number>', 'also rank each held-out item among so many drawn ones', wholeNumber(1))
    .option('--negative-seed <number>', 'of that draw', wholeNumber(0), 1)
    .option('--json', 'one JSON object a model, one a line')
    .addHelpText('after', () => `${examples}\n${settingsHelp()}`)
    .action((options: EvaluateOptions) => evaluateCommand(options, openThreads));
}

function invalid(expected: string, got: string, remedy: string): GatewayError {
  return new GatewayError('EVALUATION_INVALID', `Expected ${expected}; got ${got}. ${remedy}`, {
    expected,
    got,
  });
}

function needed(path: string | undefined, option: string, task: string): string {
  if (path !== undefined) return path;
  throw invalid(`${option} FILE with --task ${task}`, 'none', 'Name the file.');
}

async function readSplit(options: EvaluateOptions): Promise<Split> {
  const tables = createIdTables();
  if (options.task === 'ranking') {
    const trainPath = needed(options.train, '--train', 'ranking');
    const testPath = needed(options.test, '--test', 'ranking');
    const train = await readPairsFile(trainPath, 'items-by-user', tables);
    const test = await readPairsFile(testPath, 'items-by-user', tables);
    return rankingSplit({ userIds: tables.users.ids, productIds: tables.products.ids, train, test });
  }
  if (options.task === 'next-item') {
    const { holdout } = options;
    if (holdout !== 'test' && holdout !== 'validation')
      throw invalid('--holdout test or validation', holdout, 'Choose one.');
    const data = await readPairsFile(needed(options.data, '--data', 'next-item'), 'sequences', tables);
    return nextItemSplit({ userIds: tables.users.ids, productIds: tables.products.ids, ...data }, holdout);
  }
  throw invalid('--task ranking or next-item', options.task, 'Choose one.');
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
  split: Split,
  options: EvaluateOptions,
  surroundings: Surroundings,
): Promise<ReportLine> {
  const { task, seed, limitUsers, negatives } = options;
  const sampled = negatives === undefined ? undefined : { negatives, seed: options.negativeSeed };
  const { name } = model.card;
  const progress = createProgress(name, process.stderr);
  try {
    const onProgress = progress.show;
    const report = await runModel({ model, split, seed, limitUsers, sampled, onProgress, ...surroundings });
    const holdOut = task === 'next-item' ? options.holdout : undefined;
    return reportLine({ model: name, task, holdOut, seed, sampled }, report);
  } finally {
    progress.stop();
  }
}

async function evaluateModels(options: EvaluateOptions, surroundings: Surroundings): Promise<void> {
  const models = createModels(options);
  const split = await readSplit(options);
  if (split.heldOut.productRows.length === 0)
    throw invalid('at least one user with an item to find', 'none', 'Give users more items.');
  const lines: ReportLine[] = [];
  for (const model of models) {
    const line = await evaluateOne(model, split, options, surroundings);
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
