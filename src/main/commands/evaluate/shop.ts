import { GatewayError } from '../../../domain/errors';
import { baselineContender, type Contender, type Trained } from '../../../evaluation/contender';
import { evaluateQuestions } from '../../../evaluation/evaluation';
import { shopPage } from '../../../evaluation/report/shopPage';
import {
  type ShopConditions,
  shopLines,
  shopNotes,
  shopSentence,
  shopTable,
} from '../../../evaluation/report/shopReport';
import {
  type DueCalibration,
  dueCalibrationOf,
  dueHorizons,
  learnedBefore,
} from '../../../evaluation/shop/calibration';
import { popularityBaseline, shopBaselines } from '../../../evaluation/shop/shopBaselines';
import type { ShopOutcome, ShopRun } from '../../../evaluation/shop/shopOutcome';
import { type ColumnFigures, columnFiguresOf, type ShopColumn } from '../../../evaluation/shop/shopQuestions';
import { type ShopTask, shopTaskOf } from '../../../evaluation/shop/shopTask';
import { can } from '../../../models/capability';
import type { Snapshot } from '../../../snapshot/snapshot';
import { createContenders } from './contenders';
import { measureCost } from './measureCost';
import { openAnswerer } from './openAnswerer';
import { type EvaluateRun, holdOutOf, invalid } from './options';
import { checkReport, environmentOf, writeReport } from './reportFile';
import { shopReader } from './shopSource';

type OnProgress = (phase: string, done: number, total: number) => void;

/** What training and measuring a model needs. */
interface ShopModelRun {
  readonly contender: Contender;
  readonly task: ShopTask;
  readonly seed: number;
  readonly options: EvaluateRun;
  readonly onProgress: OnProgress;
}

function trainOn(
  snapshot: Snapshot,
  { contender, seed, options, onProgress }: ShopModelRun,
): Promise<Trained> {
  return contender.train(snapshot, {
    seed,
    threads: options.threads,
    signal: options.signal,
    clock: () => performance.now(),
    onProgress: (done, total) => onProgress('training', done, total),
  });
}

/** Measures the probabilities of buying again, where the model has them; trains it on less where the data end too soon. */
async function calibrate({ scorer }: Trained, run: ShopModelRun): Promise<readonly DueCalibration[]> {
  const { snapshot, train } = run.task;
  const calibrations: DueCalibration[] = [];
  if (!can(scorer, 'buyAgain')) return calibrations;
  for (const days of dueHorizons) {
    const learned = await learnedBefore(snapshot, train, days);
    if (learned === null) continue;
    const asked = learned === train ? scorer : (await trainOn(learned, run)).scorer;
    if (can(asked, 'buyAgain')) calibrations.push(dueCalibrationOf(asked, snapshot, learned, days));
  }
  return calibrations;
}

async function measure(run: ShopModelRun): Promise<Omit<ShopRun, 'peakMemoryMb'>> {
  const { task, options, onProgress } = run;
  const { questions } = task;
  const trained = await trainOn(task.train, run);
  const { answerer, busySeconds } = openAnswerer(questions, trained, options.threads);
  const evaluation = await evaluateQuestions(questions, answerer, {
    signal: options.signal,
    onProgress: (done, total) => onProgress('scoring', done, total),
  });
  const figuresOf = (column: ShopColumn): ColumnFigures => columnFiguresOf(questions, evaluation, column);
  const { trainSeconds, artifactBytes } = trained;
  return {
    columns: { all: figuresOf('all'), new: figuresOf('new'), repeat: figuresOf('repeat') },
    trainSeconds,
    artifactBytes,
    msPerList: (1000 * busySeconds()) / new Set(questions.shoppers).size,
    calibrations: await calibrate(trained, run),
  };
}

/** Trains and measures one model with every seed. A model with too little data is reported as such. */
async function evaluateOne(contender: Contender, task: ShopTask, options: EvaluateRun): Promise<ShopOutcome> {
  const { name, config } = contender;
  const runs: ShopRun[] = [];
  try {
    for (let seed = options.seed; seed < options.seed + options.seeds; seed++) {
      const { result, cost } = await measureCost(name, onProgress =>
        measure({ contender, task, seed, options, onProgress }),
      );
      runs.push({ ...result, peakMemoryMb: cost.peakMemoryMb });
    }
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'TRAINING_DATA_INSUFFICIENT') throw error;
    return { model: name, config, runs: [], untrained: error.message };
  }
  return { model: name, config, runs };
}

/** Prints the results, and writes the HTML page when --report names one. */
async function show(
  outcomes: readonly ShopOutcome[],
  conditions: ShopConditions,
  { json, report }: EvaluateRun,
): Promise<void> {
  if (outcomes.length === 0) return;
  const lines = shopLines(outcomes, conditions);
  if (json) for (const line of lines) console.log(JSON.stringify(line));
  else console.log([shopSentence(conditions), '', shopTable(lines), ...shopNotes(lines)].join('\n'));
  if (report === undefined) return;
  await writeReport(report, shopPage({ conditions, lines, environment: environmentOf() }));
}

/**
 * `affinity evaluate --task shop`. Trains the default models and fixed baselines on the part of a shop's events before a cut, and
 * prints how well they find what known shoppers chose after it.
 *
 * @throws {GatewayError} EVALUATION_INVALID, IMPORT_INVALID, NOT_FOUND, UNAVAILABLE, CANCELLED
 */
export async function evaluateShop(options: EvaluateRun): Promise<void> {
  const contenders = createContenders(options);
  const read = shopReader(options);
  const holdOut = holdOutOf(options);
  await checkReport(options);
  const { name, snapshot } = await read();
  const task = await shopTaskOf(snapshot, holdOut, options.limitUsers);
  const { train, protocol, asks, questions } = task;
  const shoppers = new Set(questions.shoppers).size;
  if (shoppers === 0)
    throw invalid(
      'a shopper with an event before and a liked product in the latest tenth of the events',
      'none',
      'Give events of a longer time.',
    );
  const conditions: ShopConditions = {
    shop: name,
    holdOut,
    protocol,
    asks,
    cut: train.asOf,
    seeds: Array.from({ length: options.seeds }, (_, index) => options.seed + index),
    shoppers,
    items: train.products.size,
    events: train.events.length,
    reference: popularityBaseline,
  };
  const outcomes: ShopOutcome[] = [];
  try {
    for (const contender of [...shopBaselines(asks).map(baselineContender), ...contenders])
      outcomes.push(await evaluateOne(contender, task, options));
  } finally {
    // Models that finished before a failure are printed all the same.
    await show(outcomes, conditions, options);
  }
}
