// Tasks whose files have columns: ratings, new products, baskets.
import { basketQuestions } from '../../../evaluation/baskets';
import { categoryPopularity, coldQuestions, randomScorer } from '../../../evaluation/coldItems';
import { readBasketsFile } from '../../../evaluation/files/basketsFile';
import { createIdTables, type IdTables, idsOf } from '../../../evaluation/files/idTables';
import { readPairsFile } from '../../../evaluation/files/pairsFile';
import { readRowsFile } from '../../../evaluation/files/rowsFile';
import { readSessionsFile } from '../../../evaluation/files/sessionsFile';
import { readTextFile } from '../../../evaluation/files/textFile';
import { biasRater, globalMeanRater, ratingSplit } from '../../../evaluation/ratings';
import { hasRealTimes, orderOfRows, type Rows } from '../../../evaluation/rows';
import { questionTask, type Task } from '../../../evaluation/task';
import { openLines } from './openLines';
import { type EvaluateOptions, holdOutOf, invalid, needed, textColumnsOf } from './options';

/** `--task rating`. */
export async function ratingTask(options: EvaluateOptions): Promise<Task> {
  const tables = createIdTables();
  const source = openLines(needed(options.data, '--data', 'rating'), options.signal);
  const rows = await readRowsFile(source, options.columns, tables, 3, options.timeFormat);
  const by = options.ratingSplit;
  if (by !== 'random' && by !== 'time') throw invalid('--rating-split random or time', by, 'Choose one.');
  if (by === 'time' && rows.time.some(Number.isNaN))
    throw invalid('a time in every line with --rating-split time', 'none', 'Use --rating-split random.');
  if (by === 'time' && rows.time.every(time => time === rows.time[0]))
    throw invalid('times that differ with --rating-split time', 'one time', 'Use --rating-split random.');
  if (by === 'time' && !hasRealTimes(rows))
    throw invalid(
      'times that compare different users with --rating-split time',
      "numbers that only give the order of a user's events",
      'Name their form, as in --time-format yyyyMMdd, or use --rating-split random.',
    );
  const holdOut = holdOutOf(options);
  const ratings = await ratingSplit(idsOf(tables), rows, { by, holdOut, seed: options.splitSeed });
  return {
    train: ratings.train,
    questions: null,
    catalogueQuestions: null,
    ratings,
    protocol: `${by} split`,
    order: orderOfRows(rows),
    holdOut,
    isSession: false,
    primaryMetric: 'rmse',
    baselines: [
      { name: 'global-mean', scorer: globalMeanRater },
      { name: 'user-item-bias', scorer: biasRater },
    ],
    categories: undefined,
  };
}

/** Reads a file of columns, or of `user item item …` in time order. */
async function readEvents(options: EvaluateOptions, path: string, tables: IdTables): Promise<Rows> {
  if (options.columns.size > 0)
    return readRowsFile(openLines(path, options.signal), options.columns, tables, 2, options.timeFormat);
  const form = options.format === 'sequences' ? 'sequence-lines' : 'sequences';
  const pairs = await readPairsFile(openLines(path, options.signal), form, tables);
  const { length } = pairs.user;
  const none = Number.NaN;
  return { ...pairs, rating: new Float32Array(length).fill(none), time: new Float64Array(length).fill(none) };
}

/** `--task cold-items`. */
export async function coldItemsTask(options: EvaluateOptions): Promise<Task> {
  const tables = createIdTables();
  const rows = await readEvents(options, needed(options.data, '--data', 'cold-items'), tables);
  const text = needed(options.text, '--text', 'cold-items');
  const documents = await readTextFile(openLines(text, options.signal), textColumnsOf(options));
  const holdOut = holdOutOf(options);
  const questions = await coldQuestions(idsOf(tables), rows, documents, { holdOut, seed: options.splitSeed });
  return questionTask(questions.among, {
    catalogueQuestions: questions.full,
    holdOut,
    protocol: 'among new items',
    order: orderOfRows(rows),
    primaryMetric: 'ndcg@20',
    baselines: [
      { name: 'random', scorer: randomScorer },
      { name: 'popularity-in-category', scorer: categoryPopularity },
    ],
  });
}

/** `--task basket`. */
export async function basketTask(options: EvaluateOptions): Promise<Task> {
  const { products } = createIdTables();
  const path = needed(options.data, '--data', 'basket');
  const holdOut = holdOutOf(options);
  const baskets =
    options.columns.size > 0 || options.format === 'rows'
      ? await readBasketsFile(openLines(path, options.signal), options.columns, products)
      : await readSessionsFile(openLines(path, options.signal), 'sessions', products);
  const skipLast = holdOut === 'test' ? 0 : 1;
  const questions = await basketQuestions(products.ids, baskets, { skipLast, seed: options.splitSeed });
  return questionTask(questions, {
    holdOut,
    order: 'none',
    primaryMetric: 'mrr',
    protocol: 'one of a basket',
  });
}
