import type { Command } from 'commander';
import { type EvaluateOptions, invalid } from './options';

type OptionName = Exclude<keyof EvaluateOptions, 'files' | 'signal'>;

/** Options of every task of models of the registry. */
const ofModels: readonly OptionName[] = [
  'task',
  'models',
  'set',
  'seed',
  'seeds',
  'limitUsers',
  'holdout',
  'tune',
  'tuneTrials',
  'metric',
  'report',
  'json',
];
/** Options of the tasks of models that rank products. */
const ofLists: readonly OptionName[] = [
  ...ofModels,
  'negatives',
  'negativeSeed',
  'text',
  'itemColumn',
  'textColumn',
  'categoryColumn',
];
/** Options of a task about a shop. */
export const ofShops: readonly OptionName[] = [
  'task',
  'models',
  'set',
  'seed',
  'seeds',
  'limitUsers',
  'holdout',
  'report',
  'json',
];
/** Options of every task of an insight. */
export const ofInsights: readonly OptionName[] = ['task', 'models', 'set', 'seed', 'json'];
/** Options of every task about a table. */
export const ofTable: readonly OptionName[] = ['task', 'data', 'target', 'drop', 'models', 'seed', 'json'];
/** Options of tasks about a table whose rows may have a time. */
export const ofTables: readonly OptionName[] = [...ofTable, 'columns', 'timeFormat'];
export const ofColumns: readonly OptionName[] = ['columns', 'timeFormat'];

/** The options that each task uses. A task that reads several kinds of files has one entry per kind: `ranking --split`. */
export type UsedOptions = ReadonlyMap<string, readonly OptionName[]>;

/** The options that the tasks of models use. */
export const usedByModels: UsedOptions = new Map([
  ['ranking', [...ofLists, 'train', 'test', 'splitSeed']],
  ['ranking --split', [...ofLists, ...ofColumns, 'data', 'split', 'splitSeed']],
  ['ranking --test-negatives', [...ofLists, ...ofColumns, 'train', 'testNegatives', 'splitSeed']],
  ['next-item', [...ofLists, 'data', 'format']],
  ['next-item --columns', [...ofLists, ...ofColumns, 'data']],
  ['next-item --test-pairs', [...ofLists, 'data', 'train', 'testPairs', 'format']],
  ['next-item --format sessions', [...ofLists, 'data', 'train', 'testPairs', 'format']],
  ['rating', [...ofModels, ...ofColumns, 'data', 'ratingSplit', 'splitSeed']],
  ['cold-items', [...ofLists, 'data', 'format', 'splitSeed']],
  ['cold-items --columns', [...ofLists, ...ofColumns, 'data', 'splitSeed']],
  ['basket', [...ofLists, 'data', 'columns', 'format', 'splitSeed']],
]);

/** Options that change another one, and have no effect without it. */
const needs: ReadonlyMap<OptionName, OptionName> = new Map([
  ['negativeSeed', 'negatives'],
  ['tuneTrials', 'tune'],
  ['itemColumn', 'text'],
  ['textColumn', 'text'],
  ['categoryColumn', 'text'],
]);

/** Options that choose among the kinds of files of a task: the first that is given decides. */
const choosing: readonly (readonly [name: OptionName, flag: string])[] = [
  ['preset', '--preset'],
  ['shop', '--shop'],
  ['demo', '--demo'],
  ['testNegatives', '--test-negatives'],
  ['split', '--split'],
  ['testPairs', '--test-pairs'],
  ['format', '--format sessions'],
  ['columns', '--columns'],
];

/** Returns the entry of a call in the table; undefined for an unknown task. */
function entryOf(
  { task, format }: EvaluateOptions,
  given: ReadonlySet<string>,
  usedOptions: UsedOptions,
): string | undefined {
  const kinds = choosing.filter(([name]) => given.has(name) && (name !== 'format' || format === 'sessions'));
  const names = [...kinds.map(([, flag]) => `${task} ${flag}`), task];
  return names.find(name => usedOptions.has(name));
}

/**
 * Refuses options that have no effect on the task: the figures would look as if they had one.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export function refuseUnused(options: EvaluateOptions, command: Command, usedOptions: UsedOptions): void {
  const given = command.options.filter(
    option => command.getOptionValueSource(option.attributeName()) === 'cli',
  );
  const names = new Set(given.map(option => option.attributeName()));
  const flagOf = (name: string) =>
    command.options.find(option => option.attributeName() === name)?.long ?? name;
  const entry = entryOf(options, names, usedOptions);
  const used = new Set<string>(usedOptions.get(entry ?? '') ?? names);
  for (const name of names) {
    if (used.has(name)) continue;
    const users = [...usedOptions].filter(([, uses]) => (uses as readonly string[]).includes(name));
    const remedy = `Leave it out; it is for --task ${users.map(([task]) => task).join(', ')}.`;
    throw invalid(`only options that --task ${entry} uses`, flagOf(name), remedy);
  }
  for (const [name, other] of needs) {
    if (!names.has(name) || names.has(other)) continue;
    throw invalid(
      `${flagOf(other)} with ${flagOf(name)}`,
      `${flagOf(name)} alone`,
      `Add ${flagOf(other)}, or leave it out.`,
    );
  }
}
