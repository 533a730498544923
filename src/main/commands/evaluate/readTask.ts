import type { Categories } from '../../../evaluation/beyondAccuracy';
import { createIdTables, idsOf } from '../../../evaluation/files/idTables';
import { readNegativesFile } from '../../../evaluation/files/negativesFile';
import { readPairsFile } from '../../../evaluation/files/pairsFile';
import { readRowsFile } from '../../../evaluation/files/rowsFile';
import { readSessionsFile, readTestPairsFile } from '../../../evaluation/files/sessionsFile';
import { readTextFile } from '../../../evaluation/files/textFile';
import { negativesQuestions, validationNegativesQuestions } from '../../../evaluation/negatives';
import { type Questions, questionsOfSplit } from '../../../evaluation/questions';
import { randomSplit } from '../../../evaluation/randomSplit';
import { orderOfRows, snapshotOfRows } from '../../../evaluation/rows';
import { lastSessionsQuestions, sessionQuestions } from '../../../evaluation/sessions';
import { nextItemSplit, rankingSplit } from '../../../evaluation/splits';
import { questionTask, type Task } from '../../../evaluation/task';
import { createInterner } from '../../../snapshot/rawColumns';
import type { ProductDocument, Snapshot } from '../../../snapshot/snapshot';
import { leaveLastOut } from '../../../snapshot/split';
import { basketTask, coldItemsTask, ratingTask } from './fileTasks';
import { openLines } from './openLines';
import { type EvaluateOptions, holdOutOf, invalid, needed, textColumnsOf } from './options';

async function negativesTask(options: EvaluateOptions, path: string): Promise<Task> {
  const tables = createIdTables();
  const source = openLines(needed(options.train, '--train', 'ranking'), options.signal);
  const rows = await readRowsFile(source, options.columns, tables, 2, options.timeFormat);
  const list = await readNegativesFile(openLines(path, options.signal), tables);
  const holdOut = holdOutOf(options);
  const ids = idsOf(tables);
  const questions =
    holdOut === 'test'
      ? await negativesQuestions(ids, rows, list)
      : await validationNegativesQuestions(ids, rows, options.splitSeed);
  const order = orderOfRows(rows);
  return questionTask(questions, { holdOut, order, primaryMetric: 'ndcg@10', protocol: 'fixed negatives' });
}

async function randomTask(options: EvaluateOptions, [train, ...rest]: readonly number[]): Promise<Task> {
  const tables = createIdTables();
  const source = openLines(needed(options.data, '--data', 'ranking'), options.signal);
  const rows = await readRowsFile(source, options.columns, tables, 2, options.timeFormat);
  const shares = { train, validation: rest.length > 1 ? rest[0] : 0, test: rest[rest.length - 1] };
  const holdOut = holdOutOf(options);
  const split = await randomSplit(idsOf(tables), rows, shares, { holdOut, seed: options.splitSeed });
  return questionTask(questionsOfSplit(split), { holdOut, order: 'none', primaryMetric: 'ndcg@10' });
}

/** Shares of a training file when settings are chosen without the test file. */
const innerShares = { train: 9, validation: 1, test: 0 };

async function rankingTask(options: EvaluateOptions): Promise<Task> {
  if (options.testNegatives !== undefined) return negativesTask(options, options.testNegatives);
  if (options.split === 'time')
    throw invalid('--split of shares, as in 8:1:1, with --task ranking', 'time', 'Give the shares.');
  if (options.split !== undefined) return randomTask(options, options.split);
  const tables = createIdTables();
  const trainPath = needed(options.train, '--train', 'ranking');
  const testPath = needed(options.test, '--test', 'ranking');
  const train = await readPairsFile(openLines(trainPath, options.signal), 'items-by-user', tables);
  const test = await readPairsFile(openLines(testPath, options.signal), 'items-by-user', tables);
  const ids = idsOf(tables);
  const isTest = holdOutOf(options) === 'test';
  const split = isTest
    ? await rankingSplit({ ...ids, train, test })
    : await randomSplit(ids, train, innerShares, { holdOut: 'validation', seed: options.splitSeed });
  return questionTask(questionsOfSplit(split), {
    holdOut: isTest ? undefined : 'validation',
    order: 'none',
    primaryMetric: 'ndcg@20',
  });
}

async function sessionTask(options: EvaluateOptions, form: 'sessions' | 'sequences'): Promise<Task> {
  const { products } = createIdTables();
  const path = needed(options.data ?? options.train, '--data', 'next-item');
  const holdOut = holdOutOf(options);
  const sessions = await readSessionsFile(openLines(path, options.signal), form, products);
  const taskOf = (questions: Questions): Task =>
    questionTask(questions, { holdOut, order: 'file', primaryMetric: 'mrr@20', isSession: true });
  if (options.testPairs === undefined)
    return taskOf(await lastSessionsQuestions(products.ids, sessions, holdOut === 'test' ? 0 : 1));
  if (holdOut === 'validation') return taskOf(await lastSessionsQuestions(products.ids, sessions, 0));
  const prefixes = await readTestPairsFile(openLines(options.testPairs, options.signal), products);
  return taskOf(await sessionQuestions(products.ids, sessions, prefixes));
}

/** A next-item task of a file with named columns: lines of a user with equal times are one order, and asked for together. */
async function timedNextItemTask(options: EvaluateOptions, path: string): Promise<Task> {
  const tables = createIdTables();
  const source = openLines(path, options.signal);
  const rows = await readRowsFile(source, options.columns, tables, 2, options.timeFormat);
  const holdOut = holdOutOf(options);
  const split = await leaveLastOut(await snapshotOfRows(idsOf(tables), rows), holdOut === 'test' ? 0 : 1);
  return questionTask(questionsOfSplit(split), {
    holdOut,
    order: orderOfRows(rows),
    primaryMetric: 'ndcg@10',
  });
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
  if (options.columns.size > 0) return timedNextItemTask(options, path);
  const data = await readPairsFile(
    openLines(path, options.signal),
    format === 'any' ? 'sequences' : 'sequence-lines',
    tables,
  );
  const split = await nextItemSplit({ ...idsOf(tables), ...data }, holdOut);
  return questionTask(questionsOfSplit(split), { holdOut, order: 'file', primaryMetric: 'ndcg@10' });
}

const readers: ReadonlyMap<string, (options: EvaluateOptions) => Promise<Task>> = new Map([
  ['ranking', rankingTask],
  ['next-item', nextItemTask],
  ['rating', ratingTask],
  ['cold-items', coldItemsTask],
  ['basket', basketTask],
]);

/** Categories of the products, from their documents or from `texts`; undefined when no product has any. */
function categoriesOf(
  { products, documents }: Snapshot,
  texts: ReadonlyMap<string, ProductDocument> | undefined,
): Categories | undefined {
  const names = createInterner();
  const ofProduct = Array.from({ length: products.size }, (_, row) => {
    const document = documents?.[row] ?? texts?.get(products.idOf(row));
    return [...new Set(document?.categoryPath)].map(names.indexOf);
  });
  return names.ids.length === 0 ? undefined : { count: names.ids.length, ofProduct };
}

/**
 * Reads the files that the options name and returns the task.
 *
 * @throws {GatewayError} EVALUATION_INVALID
 */
export async function readTask(options: EvaluateOptions): Promise<Task> {
  const read = readers.get(options.task);
  if (!read) throw invalid(`--task ${[...readers.keys()].join(', ')}`, options.task, 'Choose one.');
  const task = await read(options);
  const isRead = options.text === undefined || options.task === 'cold-items';
  const texts = isRead
    ? undefined
    : await readTextFile(openLines(options.text, options.signal), textColumnsOf(options));
  return { ...task, categories: categoriesOf(task.train, texts) };
}
