import { type Command, InvalidArgumentError, Option } from 'commander';
import { GatewayError } from '../../../domain/errors';
import type { ModelConfig } from '../../../evaluation/contender';
import type { TextColumns } from '../../../evaluation/files/textFile';
import { isTimeFormat, timeFormatHelp } from '../../../evaluation/files/timeColumn';
import type { HoldOut } from '../../../evaluation/task';
import { presets } from '../../../intake/presets/registry';
import { describeValues, type SettingValue, writtenDefault } from '../../../learning/settings';
import type { TrainContext } from '../../../learning/trainContext';
import { modelFactories } from '../../../models/registry';
import type { OpenStores } from '../import';

/** Options as commander parses them. */
export interface EvaluateOptions {
  readonly task: string;
  readonly train?: string;
  readonly test?: string;
  readonly testPairs?: string;
  readonly testNegatives?: string;
  readonly data?: string;
  /** shop, tags: files of --preset beside --data. */
  readonly files: readonly string[];
  /** shop, tags: the shop to read from the store. */
  readonly shop?: string;
  /** shop, tags: the format of the files, which then replace the store. */
  readonly preset?: string;
  readonly databaseUrl?: string;
  /** Scale of the demo shop, which replaces --data. */
  readonly demo?: number;
  readonly format?: string;
  readonly columns: ReadonlyMap<string, string>;
  /** Form of the times, when it is not to be recognized. */
  readonly timeFormat?: string;
  /** With --task response: `time`. */
  readonly split?: readonly number[] | 'time';
  readonly splitSeed: number;
  readonly holdout: string;
  readonly models?: readonly string[];
  readonly set?: readonly Override[];
  readonly seed: number;
  readonly limitUsers?: number;
  readonly negatives?: number;
  readonly negativeSeed: number;
  readonly ratingSplit: string;
  /** A file; with --task tags: the columns of --data that hold text. */
  readonly text?: string;
  /** With --task tags: the column that holds the category. */
  readonly category?: string;
  /** With --task tags: all, odd or even rows. */
  readonly part: string;
  readonly itemColumn: string;
  readonly textColumn: readonly string[];
  readonly categoryColumn?: string;
  readonly seeds: number;
  readonly tune?: boolean;
  readonly tuneTrials: number;
  readonly metric?: string;
  /** response, uplift: the column of the outcome, its text where the outcome is positive, and columns to leave out. */
  readonly target?: string;
  readonly positive?: string;
  readonly drop?: readonly string[];
  /** uplift: the column of the arm, its text in either arm, and how often the rows are halved. */
  readonly treatment?: string;
  readonly arm?: string;
  readonly control?: string;
  readonly splits: number;
  readonly report?: string;
  readonly json?: boolean;
  /** Cancels the reading of files. */
  readonly signal?: AbortSignal | undefined;
}

/** Options with the threads to train on, the signal that cancels, and how to open the store. */
export type EvaluateRun = EvaluateOptions &
  Pick<TrainContext, 'threads' | 'signal'> & { readonly openStores: OpenStores };

/** One `--set model.setting=value`. */
export interface Override {
  readonly model: string;
  readonly setting: string;
  readonly value: SettingValue;
}

/** An EVALUATION_INVALID error about the options. */
export function invalid(expected: string, got: string, remedy: string): GatewayError {
  return new GatewayError('EVALUATION_INVALID', `Expected ${expected}; got ${got}. ${remedy}`, {
    expected,
    got,
  });
}

/** The part of the data that --holdout names. @throws {GatewayError} EVALUATION_INVALID */
export function holdOutOf({ holdout }: EvaluateOptions): HoldOut {
  if (holdout === 'test' || holdout === 'validation') return holdout;
  throw invalid('--holdout test or validation', holdout, 'Choose one.');
}

/** Returns the value of an option that the task requires. @throws {GatewayError} EVALUATION_INVALID */
export function needed(path: string | undefined, option: string, task: string): string {
  if (path !== undefined) return path;
  throw invalid(`${option} FILE with --task ${task}`, 'none', 'Name the file.');
}

/** Returns the value of an option that is not a file. @throws {GatewayError} EVALUATION_INVALID */
export function neededValue(value: string | undefined, option: string, task: string): string {
  if (value !== undefined) return value;
  throw invalid(`${option} with --task ${task}`, 'none', 'Add it.');
}

/** The columns of --text. */
export const textColumnsOf = ({ itemColumn, textColumn, categoryColumn }: EvaluateOptions): TextColumns => ({
  item: itemColumn,
  text: textColumn,
  category: categoryColumn,
});

/** The settings that --set gives for one model. */
export const configOf = ({ set = [] }: EvaluateOptions, name: string): ModelConfig =>
  Object.fromEntries(set.filter(({ model }) => model === name).map(({ setting, value }) => [setting, value]));

/** The settings that --set gives for an insight. @throws {GatewayError} EVALUATION_INVALID when it names something else */
export function insightConfig(options: EvaluateOptions, name: string): ModelConfig {
  const other = options.set?.find(({ model }) => model !== name);
  if (other) throw invalid(`--set ${name}.setting=value`, other.model, 'Correct it.');
  return configOf(options, name);
}

/** The names of all models. */
const allModels = modelFactories.map(factory => factory.name);

function wholeNumber(low: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (/^\d{1,10}$/.test(text) && value >= low) return value;
    throw new InvalidArgumentError(`Expected a whole number of at least ${low}; got ${text}.`);
  };
}

/** Greater seeds would be cut to 32 bits, so that two of them draw the same numbers. */
const maxSeed = 4_294_967_295;

function seedNumber(text: string): number {
  if (/^\d{1,10}$/.test(text) && Number(text) <= maxSeed) return Number(text);
  throw new InvalidArgumentError(`Expected a whole number from 0 to ${maxSeed}; got ${text}.`);
}

function addOverride(text: string, earlier: readonly Override[] = []): readonly Override[] {
  const parts = /^([a-z-]+)\.(\w+)=(-?\d+(?:\.\d+)?(?:e-?\d+)?|[a-z]\w*)$/i.exec(text);
  if (!parts) {
    const examples = 'collaborative.rank=256 or collaborative.solver=blocks';
    throw new InvalidArgumentError(`Expected model.setting=value, as in ${examples}; got ${text}.`);
  }
  const [, model, setting, value] = parts;
  const number = Number(value);
  return [...earlier, { model, setting, value: Number.isNaN(number) ? value : number }];
}

/** Seed of most tasks. */
export const defaultSeed = 1;

const commaList = (text: string): readonly string[] =>
  text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '');

function shares(text: string): readonly number[] | 'time' {
  if (text === 'time') return text;
  const parts = text.split(':').map(Number);
  const isRight = parts.length <= 3 && parts.length >= 2 && parts.every(part => part > 0);
  if (isRight) return parts;
  throw new InvalidArgumentError(`Expected shares as in 8:1:1 or 9:1, or time; got ${text}.`);
}

function demoScale(text: string): number {
  const scale = Number(text);
  if (scale >= 0.05 && scale <= 100) return scale;
  throw new InvalidArgumentError(`Expected a scale from 0.05 to 100; got ${text}.`);
}

function columnNames(text: string): ReadonlyMap<string, string> {
  const pairs = commaList(text).map(part => part.split('=').map(half => half.trim()));
  const isRight = pairs.every(pair => pair.length === 2 && pair.every(half => half !== ''));
  const isOnce = new Set(pairs.map(([role]) => role)).size === pairs.length;
  if (isRight && isOnce) return new Map(pairs.map(([role, name]) => [role, name]));
  throw new InvalidArgumentError(
    `Expected role=column, each role once, as in user=CustomerID,item=3; got ${text}.`,
  );
}

function timeFormat(text: string): string {
  if (isTimeFormat(text)) return text;
  throw new InvalidArgumentError(`Expected ${timeFormatHelp}; got ${text}.`);
}

/** The part of `--help` that lists the settings of each model. */
function settingsHelp(): string {
  const lines = modelFactories.flatMap(({ name, settings }) =>
    Object.entries(settings).map(
      ([key, setting]) =>
        `  ${name}.${key} (${writtenDefault(setting)}; ${describeValues(setting)})\n      ${setting.meaning}`,
    ),
  );
  return `\nSettings for --set, with defaults and ranges:\n${lines.join('\n')}`;
}

const examples = `
Files may be gzip. Fields are split at tabs, semicolons, commas or spaces: the first of these that the first line contains.
  --task ranking    lines "user item item …" in --train and --test;
                    or "user item [weight] [time]" in --data with --split 8:1:1;
                    or "user item rating time" in --train with "(user,item) TAB item …" in --test-negatives
  --task next-item  lines "user item" in time order in --data (or "user item item …", oldest first);
                    or sessions "item item …" with --format sessions, and "item … TAB item" in --test-pairs
  --task rating     lines "user item stars [time]" in --data; a tenth is held out and predicted (RMSE, MAE)
  --task cold-items as next-item, and texts of items in --text (CSV or JSON); a tenth of the items is new
  --task tags       lines with a text and a category in --data, named by --text and --category; or --demo, or a shop as below
  --task next-action  lines "user item type time [session category price]" in --data, or --demo
  --task shop       the events of --shop in the store, or files of --preset; what known shoppers bought in the latest tenth of time
  --task response   a table with a header in --data, delimited by tabs, semicolons, commas or bars; who has --positive in --target
  --task uplift     a table as above, of an experiment: whom the arm in --treatment moves to --target
  --task basket     baskets "item item …" in time order, or columns user, basket, item with --format rows
The held-out items of each user are ranked among the whole catalogue except the user's training items; with --test-pairs
among the whole catalogue; with --test-negatives among the items of the line. All protocols: docs/evaluation.md.

Examples:
  affinity evaluate --task ranking --train train.txt --test test.txt --models popularity,collaborative --json
  affinity evaluate --task next-item --data ratings.txt.gz --models item-neighbours --negatives 100
  affinity evaluate --task next-item --format sessions --data sessions.txt --test-pairs pairs.txt
  affinity evaluate --task cold-items --data orders.csv --columns user=CustomerID,item=StockCode \\
    --text orders.csv --item-column StockCode --text-column Description
  affinity evaluate --task shop --shop demo
  affinity evaluate --task shop --preset online-retail --data online_retail.csv.gz --report report.html
  affinity evaluate --task response --data bank.csv.gz --target y --positive yes --drop duration --split time
  affinity evaluate --task uplift --data test.csv.gz --treatment segment --arm "Womens E-Mail" --control "No E-Mail" \\
    --target visit --drop conversion,spend
  affinity evaluate --task next-item --data ratings.txt --models markov --tune --tune-trials 30 --report report.html`;

/** Adds the options that name files and how to split them. */
const addFileOptions = (command: Command): Command =>
  command
    .argument('[files...]', 'shop, tags: files of --preset, beside --data')
    .requiredOption(
      '--task <task>',
      'shop, ranking, next-item, next-action, tags, response, uplift, rating, cold-items or basket',
    )
    .option('--train <file>', 'pairs to train on')
    .option('--test <file>', 'ranking: the held-out pairs; response: the held-out rows')
    .option('--test-pairs <file>', 'next-item: beginning of a session, a tab, the item that followed')
    .option('--test-negatives <file>', 'ranking: (user,item), a tab, the items to rank it among')
    .option(
      '--data <file>',
      'next-item: the items of every user in time order; ranking with --split: user, item',
    )
    .addOption(
      new Option(
        '--demo [scale]',
        'shop, next-action, tags: the demo shop in place of a file; 1 = 2,000 users',
      )
        .preset('1')
        .argParser(demoScale),
    )
    .option('--shop <id>', 'shop, tags: the shop to read from the store')
    .option(
      '--preset <name>',
      `shop, tags: the data set that the files are: ${[...presets.keys()].join(', ')}`,
    )
    .option('--database-url <url>', 'shop, tags: a PostgreSQL other than the configured one')
    .option('--format <form>', 'next-item: sequences (user item item …) or sessions (item item …)')
    .option(
      '--columns <role=column,…>',
      'columns by header or number, when they are not user, item, rating, time in this order',
      columnNames,
      new Map<string, string>(),
    )
    .option('--time-format <form>', `form of the times: ${timeFormatHelp}`, timeFormat)
    .option(
      '--split <shares>',
      'ranking: train:validation:test shares of the items of each user, drawn at random, as in 8:1:1; response: time',
      shares,
    )
    .option('--split-seed <number>', 'seed of --split and of validation negatives', seedNumber, 1)
    .option('--holdout <which>', 'test, or validation (to choose settings with; see docs)', 'test')
    .option('--rating-split <how>', 'rating: random, or time (the latest tenth)', 'random')
    .option(
      '--text <file>',
      'cold-items: texts of the items; other tasks: categories for calibration; tags: columns of --data',
    )
    .option('--category <column>', 'tags: the column of the category, used only to measure')
    .option('--part <rows>', 'tags: all, odd or even rows of --data', 'all')
    .option('--item-column <name>', 'column of the item in --text', 'item')
    .option('--text-column <names>', 'columns of --text: the title, then descriptions', commaList, [
      'title',
      'description',
    ])
    .option('--category-column <name>', 'column of --text with categories separated by >, | or commas');

/** Adds the options that name columns of a table, and how to split it. */
const addTableOptions = (command: Command): Command =>
  command
    .option('--target <column>', 'response, uplift: the column of the outcome')
    .option('--positive <value>', 'response, uplift: the value of --target that is a response')
    .option('--drop <columns>', 'response, uplift: columns that models do not read', commaList)
    .option('--treatment <column>', 'uplift: the column of the arm')
    .option('--arm <value>', 'uplift: the value of --treatment where a row was treated (default: 1)')
    .option('--control <value>', 'uplift: the value of --treatment of the controls (default: 0)')
    .option('--splits <number>', 'uplift: halve the rows so often', wholeNumber(1), 10);

/** Adds the options that name models and measurements. */
const addModelOptions = (command: Command): Command =>
  command
    .option(
      '--models <names>',
      `some of ${allModels.join(', ')} (default: all that can train on the files; shop: those that are trained by default)`,
      commaList,
    )
    .option('--set <model.setting=number>', 'change a setting of a model; repeatable', addOverride, [])
    .option(
      '--seed <number>',
      'seed of all random numbers in training (response: 42)',
      seedNumber,
      defaultSeed,
    )
    .option('--limit-users <number>', 'evaluate only so many users', wholeNumber(1))
    .option('--negatives <number>', 'also rank each held-out item among so many random ones', wholeNumber(1))
    .option('--negative-seed <number>', 'seed of these random items', seedNumber, 1)
    .option('--seeds <number>', 'train with so many seeds; print means and deviations', wholeNumber(1), 1)
    .option('--tune', 'first choose settings on the validation hold-out, then report with them')
    .option('--tune-trials <number>', 'settings to try for each model', wholeNumber(1), 20)
    .option('--metric <name>', 'metric to tune and compare by, as in ndcg@10')
    .option('--report <file>', 'also write one HTML page with tables and plots')
    .option('--json', 'print one JSON object per model, one per line');

/** Adds the options of `affinity evaluate`. */
export const addOptions = (command: Command): Command =>
  addModelOptions(addTableOptions(addFileOptions(command))).addHelpText(
    'after',
    () => `${examples}\n${settingsHelp()}`,
  );
