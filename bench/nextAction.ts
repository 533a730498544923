// Measures the next-action network: trains it on the demo shop on one thread and prints seconds and operations per second.
// Then prints the largest difference between serving and training over 1,000 sequences, and steps and predictions per
// second of one core. By processor time, which is not affected by other work on the machine.
// node scripts/bench.mjs nextAction [--scale 0.6] [--epochs 2] [--rank 64] [--cell lstm]
import { parseArgs } from 'node:util';
import { networkForecaster } from '../src/insights/nextAction/network/forward';
import { networkSettings } from '../src/insights/nextAction/network/settings';
import { gateCount, headPlaces } from '../src/insights/nextAction/network/shape';
import { nextActionTasks } from '../src/insights/nextAction/network/tasks';
import { type TrainedNetwork, trainNetwork } from '../src/insights/nextAction/network/train';
import { emptyStep, readStepInto } from '../src/insights/nextAction/step';
import { createStepReader } from '../src/insights/nextAction/stepReader';
import { type ActionSteps, actionStepsOf } from '../src/insights/nextAction/steps';
import { actionTargetsOf } from '../src/insights/nextAction/targets';
import { actionVocabularyOf } from '../src/insights/nextAction/vocabulary';
import { settingValuesOf } from '../src/learning/settings';
import { demoSnapshot } from '../src/main/commands/evaluate/demoData';
import { serialThreadPool } from '../src/numeric/threadPool';
import { environmentLine } from './environment';
import { largestDifference } from './networkAgreement';

const { values: options } = parseArgs({
  options: {
    scale: { type: 'string', default: '0.6' },
    epochs: { type: 'string', default: '2' },
    rank: { type: 'string', default: '64' },
    cell: { type: 'string', default: 'lstm' },
  },
});
const [scale, epochs, rank] = [options.scale, options.epochs, options.rank].map(Number);
const sequences = 1000;
const maxCategories = 64;

/** Measures the processor time of some work, in seconds. */
async function secondsOf(work: () => Promise<void> | void): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}

/** Multiplications and additions per step, forward and backward. */
function operationsPerStep({ shape }: TrainedNetwork): number {
  const { columns } = shape;
  const cellProducts = 2 * columns * gateCount(shape) * columns;
  const headProducts = columns * (2 * columns + headPlaces(shape).length);
  return 6 * (cellProducts + headProducts);
}

async function benchTraining(steps: ActionSteps, asOf: number): Promise<TrainedNetwork> {
  const learned = actionTargetsOf(steps, { after: Number.NEGATIVE_INFINITY, until: asOf });
  const config = settingValuesOf(networkSettings, { epochs, rank, cell: options.cell });
  let network: TrainedNetwork | null = null;
  const seconds = await secondsOf(async () => {
    network = await trainNetwork({ steps, categories: maxCategories, learned, judged: null }, config, {
      seed: 1,
      threads: serialThreadPool(nextActionTasks),
      onProgress: () => undefined,
      signal: new AbortController().signal,
    });
  });
  if (network === null) throw new Error('Expected a network to be trained.');
  const amount = epochs * steps.length * operationsPerStep(network);
  console.log(
    `training: ${epochs} epochs of ${steps.length} steps in ${seconds.toFixed(1)} s, ` +
      `${((1e6 * seconds) / epochs / steps.length).toFixed(1)} µs per step, ${(amount / seconds / 1e9).toFixed(1)} GFLOP/s`,
  );
  return network;
}

/** Prints how often per second some work runs, called once per step. */
async function benchRate(name: string, steps: ActionSteps, work: (index: number) => void): Promise<void> {
  const count = Math.min(steps.length, 20_000);
  for (let index = 0; index < count / 4; index++) work(index);
  const seconds = await secondsOf(() => {
    for (let index = 0; index < count; index++) work(index);
  });
  console.log(`${name.padEnd(44)} ${Math.round(count / seconds)} per second`);
}

async function benchServing(network: TrainedNetwork, steps: ActionSteps): Promise<void> {
  const forecaster = networkForecaster(network);
  const state = forecaster.open();
  const step = emptyStep();
  const advance = (index: number): void => {
    readStepInto(steps.columns, index, step);
    forecaster.step(state, step);
  };
  await benchRate('steps', steps, advance);
  await benchRate('predictions (a step, then its forecast)', steps, index => {
    advance(index);
    forecaster.forecast(state);
  });
  const reader = createStepReader(steps.actions);
  await benchRate('events read into steps', steps, index => {
    const [category, price] = [1 + (index % maxCategories), 0];
    reader.take({ type: 0, product: index % 500, category, price, occurredAt: index * 1000, session: -1 });
  });
}

async function main(): Promise<void> {
  console.log(environmentLine());
  const snapshot = await demoSnapshot(scale, 1);
  const vocabulary = actionVocabularyOf(snapshot, snapshot.asOf, maxCategories);
  const steps = actionStepsOf(snapshot, vocabulary);
  const network = await benchTraining(steps, snapshot.asOf);
  const worst = largestDifference(network, steps, sequences);
  console.log(`largest difference of a probability over ${sequences} sequences: ${worst.toExponential(1)}`);
  await benchServing(network, steps);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
