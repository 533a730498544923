import { type Command, InvalidArgumentError } from 'commander';
import { GatewayError } from '../../domain/errors';
import { nextItemSplit, rankingSplit } from '../../evaluation/tasks';
import type { Model } from '../../models/model';
import { modelByName, modelFactories } from '../../models/registry';
import { threadTasks } from '../../models/threadTasks';
import { serialThreadPool } from '../../numeric/threadPool';
import type { Split } from '../../snapshot/split';
import { createIdTables, readPairsFile } from './evaluate/pairsFile';
import { createProgress } from './evaluate/progress';
import { type ReportLine, reportLine, reportTable } from './evaluate/report';
import { runModel } from './evaluate/runModel';

/** Options as commander hands them over. */
interface EvaluateOptions {
  readonly task: string;
  readonly train?: string;
  readonly test?: string;
  readonly data?: string;
  readonly holdout: string;
  readonly models: readonly string[];
  readonly set: readonly Override[];
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

function addOverride(text: string, earlier: readonly Override[]): readonly Override[] {
  const parts = /^([a-z-]+)\.(\w+)=(-?\d+(?:\.\d+)?(?:e-?\d+)?)$/i.exec(text);
  if (parts) return [...earlier, { model: parts[1], setting: parts[2], value: Number(parts[3]) }];
  throw new InvalidArgumentError(`Expected model.setting=number, as in collaborative.rank=256; got ${text}.`);
}

const commaList = (text: string): readonly string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');

/** For `--help`: what can be set of each model. */
function settingsHelp(): string {
  const lines = modelFactories.flatMap(({ name, settings }) =>
    Object.entries(settings).map(
      ([setting, { meaning, default: value, minimum, maximum }]) =>
        `  ${name}.${setting} (${value}; ${minimum} to ${maximum})\n      ${meaning}`,
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

/** Adds `affinity evaluate` to the program. */
export function registerEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('Train models on a file and measure how well they find what was held out')
    .requiredOption('--task <task>', 'ranking or next-item')
    .option('--train <file>', 'ranking: what to learn from')
    .option('--test <file>', 'ranking: what to find')
    .option('--data <file>', 'next-item: every user’s items in time order; the last is to be found')
    .option('--holdout <which>', 'next-item: test (the last) or validation (the one before)', 'test')
    .option(
      '--models <names>',
      `one or more of ${modelFactories.map(factory => factory.name).join(', ')}`,
      commaList,
      modelFactories.map(factory => factory.name),
    )
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
    .action(evaluateCommand);
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
function createModels({ models, set }: EvaluateOptions): readonly Model[] {
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

async function evaluateModels(options: EvaluateOptions, signal: AbortSignal): Promise<readonly ReportLine[]> {
  const models = createModels(options);
  const split = await readSplit(options);
  if (split.heldOut.productRows.length === 0)
    throw invalid('at least one user with an item to find', 'none', 'Give users more items.');
  const { seed, limitUsers, negatives } = options;
  const sampled = negatives === undefined ? undefined : { negatives, seed: options.negativeSeed };
  const lines: ReportLine[] = [];
  for (const model of models) {
    const progress = createProgress(model.card.name, process.stderr);
    try {
      const threads = serialThreadPool(threadTasks);
      const onProgress = progress.show;
      const report = await runModel({ model, split, seed, threads, limitUsers, sampled, signal, onProgress });
      const holdOut = options.task === 'next-item' ? options.holdout : undefined;
      lines.push(reportLine({ model: model.card.name, task: options.task, holdOut, seed, sampled }, report));
    } finally {
      progress.stop();
    }
    if (options.json) console.log(JSON.stringify(lines.at(-1)));
  }
  return lines;
}

async function evaluateCommand(options: EvaluateOptions): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  try {
    const lines = await evaluateModels(options, stop.signal);
    if (!options.json) console.log(reportTable(lines));
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }
}
