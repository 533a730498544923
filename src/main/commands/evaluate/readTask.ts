import { negativesQuestions, validationNegativesQuestions } from '../../../evaluation/negatives';
import { type Questions, questionsOfSplit } from '../../../evaluation/questions';
import { randomSplit } from '../../../evaluation/randomSplit';
import type { Ids } from '../../../evaluation/rows';
import { lastSessionsQuestions, sessionQuestions } from '../../../evaluation/sessions';
import { nextItemSplit, rankingSplit } from '../../../evaluation/tasks';
import { readNegativesFile } from './negativesFile';
import { type EvaluateOptions, invalid } from './options';
import { createIdTables, type IdTables, readPairsFile } from './pairsFile';
import { readRowsFile } from './rowsFile';
import { readSessionsFile, readTestPairsFile } from './sessionsFile';

/** What models are to be asked, and how that is to be named. */
export interface Task {
  readonly questions: Questions;
  /** What is printed as `protocol`. */
  readonly protocol: string;
  /** Undefined where the files say what is held out. */
  readonly holdOut: string | undefined;
  /** Whether precision@20, the literature's name of hit@20, is printed too. */
  readonly isSession: boolean;
}

type HoldOut = 'test' | 'validation';

function holdOutOf({ holdout }: EvaluateOptions): HoldOut {
  if (holdout === 'test' || holdout === 'validation') return holdout;
  throw invalid('--holdout test or validation', holdout, 'Choose one.');
}

function needed(path: string | undefined, option: string, task: string): string {
  if (path !== undefined) return path;
  throw invalid(`${option} FILE with --task ${task}`, 'none', 'Name the file.');
}

const idsOf = ({ users, products }: IdTables): Ids => ({ userIds: users.ids, productIds: products.ids });

const fullTask = (questions: Questions, holdOut: string | undefined): Task => ({
  questions,
  protocol: 'full',
  holdOut,
  isSession: false,
});

async function negativesTask(options: EvaluateOptions, path: string): Promise<Task> {
  const tables = createIdTables();
  const rows = await readRowsFile(needed(options.train, '--train', 'ranking'), options.columns, tables);
  const list = await readNegativesFile(path, tables);
  const holdOut = holdOutOf(options);
  const ids = idsOf(tables);
  const questions =
    holdOut === 'test'
      ? await negativesQuestions(ids, rows, list)
      : await validationNegativesQuestions(ids, rows, options.splitSeed);
  return { questions, protocol: 'fixed negatives', holdOut, isSession: false };
}

async function randomTask(options: EvaluateOptions, [train, ...rest]: readonly number[]): Promise<Task> {
  const tables = createIdTables();
  const rows = await readRowsFile(needed(options.data, '--data', 'ranking'), options.columns, tables);
  const shares = { train, validation: rest.length > 1 ? rest[0] : 0, test: rest[rest.length - 1] };
  const holdOut = holdOutOf(options);
  const split = await randomSplit(idsOf(tables), rows, shares, { holdOut, seed: options.splitSeed });
  return fullTask(questionsOfSplit(split), holdOut);
}

async function rankingTask(options: EvaluateOptions): Promise<Task> {
  if (options.testNegatives !== undefined) return negativesTask(options, options.testNegatives);
  if (options.split !== undefined) return randomTask(options, options.split);
  const tables = createIdTables();
  const trainPath = needed(options.train, '--train', 'ranking');
  const testPath = needed(options.test, '--test', 'ranking');
  const train = await readPairsFile(trainPath, 'items-by-user', tables);
  const test = await readPairsFile(testPath, 'items-by-user', tables);
  return fullTask(questionsOfSplit(await rankingSplit({ ...idsOf(tables), train, test })), undefined);
}

async function sessionTask(options: EvaluateOptions, form: 'sessions' | 'sequences'): Promise<Task> {
  const { products } = createIdTables();
  const path = needed(options.data ?? options.train, '--data', 'next-item');
  const holdOut = holdOutOf(options);
  const sessions = await readSessionsFile(path, form, products);
  const asked = (questions: Questions): Task => ({ ...fullTask(questions, holdOut), isSession: true });
  if (options.testPairs === undefined)
    return asked(await lastSessionsQuestions(products.ids, sessions, holdOut === 'test' ? 0 : 1));
  if (holdOut === 'validation') return asked(await lastSessionsQuestions(products.ids, sessions, 0));
  const prefixes = await readTestPairsFile(options.testPairs, products);
  return asked(await sessionQuestions(products.ids, sessions, prefixes));
}

async function nextItemTask(options: EvaluateOptions): Promise<Task> {
  const { format = 'any', testPairs } = options;
  if (!['any', 'sequences', 'sessions'].includes(format))
    throw invalid('--format sequences or sessions', format, 'Choose one.');
  if (format === 'sessions') return sessionTask(options, 'sessions');
  if (testPairs !== undefined) return sessionTask(options, 'sequences');
  const holdOut = holdOutOf(options);
  const tables = createIdTables();
  const path = needed(options.data, '--data', 'next-item');
  const data = await readPairsFile(path, format === 'any' ? 'sequences' : 'sequence-lines', tables);
  return fullTask(questionsOfSplit(await nextItemSplit({ ...idsOf(tables), ...data }, holdOut)), holdOut);
}

/**
 * Reads the files a task names, and makes its questions of them.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export function readTask(options: EvaluateOptions): Promise<Task> {
  if (options.task === 'ranking') return rankingTask(options);
  if (options.task === 'next-item') return nextItemTask(options);
  throw invalid('--task ranking or next-item', options.task, 'Choose one.');
}
