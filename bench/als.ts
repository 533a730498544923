// Measures an epoch of `collaborative` in time and quality. For comparison it prints the operations of textbook ALS
// (2·nnz·d² + (U + I)·d³/3 per epoch) and of our solver (models/collaborative/train.ts).
// node scripts/bench.mjs als [--ranks 64,256] [--threads 1,2] [--epochs 7] [--quality 0|1] [--folder gowalla|ml-1m]
//   [--solvers exact,blocks,auto] [--blockSize 64]; blocks is iALS++. GFLOP/s count the operations of the exact solution.
import { parseArgs } from 'node:util';
import { evaluateScorer } from '../src/evaluation/evaluation';
import { rankingSplit } from '../src/evaluation/splits';
import { createThreadPool } from '../src/main/threads';
import { collaborative } from '../src/models/collaborative/model';
import { historiesOf } from '../src/models/histories';
import type { Scorer } from '../src/models/model';
import { type Csr, transposeCsr } from '../src/numeric/csr';
import { preferencesOf } from '../src/snapshot/preferences';
import type { Split } from '../src/snapshot/split';
import { environmentLine, medianOf } from './environment';
import { readRankingPairs } from './rankingFiles';

/** Peak of sgemm on one core of a comparable machine, in GFLOP/s. */
const blasGflops = 102;

const { values: options } = parseArgs({
  options: {
    ranks: { type: 'string', default: '64,256' },
    threads: { type: 'string', default: '1,2' },
    epochs: { type: 'string', default: '7' },
    solvers: { type: 'string', default: 'auto' },
    blockSize: { type: 'string', default: '64' },
    quality: { type: 'string', default: '1' },
    folder: { type: 'string', default: 'gowalla' },
    unobservedWeight: { type: 'string', default: '0.005' },
    regularization: { type: 'string', default: '0.003' },
    regularizationExponent: { type: 'string', default: '1' },
    limitUsers: { type: 'string', default: '1000000' },
  },
});
const numbers = (list: string): number[] => list.split(',').map(Number);

/** Operations per epoch, in units of 10⁹. */
function operationsOf(byUser: Csr, d: number): { textbook: number; own: number } {
  let [textbook, own] = [0, 0];
  for (const { indptr, rows } of [byUser, transposeCsr(byUser)]) {
    for (let row = 0; row < rows; row++) {
      const n = indptr[row + 1] - indptr[row];
      if (n === 0) continue;
      textbook += n * d * d + d ** 3 / 3;
      own += n < d ? n * n * d + n ** 3 / 3 + 2 * n * d : n * d * d + d ** 3 / 3;
    }
    // Gram matrix, rotation, and eigenvectors.
    own += 3 * rows * d * d + 9 * d ** 3;
  }
  return { textbook: textbook / 1e9, own: own / 1e9 };
}

/** Seconds since the start of this process: wall-clock time, and processor time of all threads. */
function readClocks(): { wall: number; processor: number } {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now() / 1000, processor: (user + system) / 1e6 };
}

/** Trains once; returns the seconds of each epoch except the first, which includes startup and compilation, and the scorer. */
async function timeTraining(split: Split, rank: number, threads: number, solver: string) {
  const pool = createThreadPool(threads);
  const ends = [readClocks()];
  const model = collaborative({
    rank,
    solver,
    blockSize: Number(options.blockSize),
    epochs: Number(options.epochs),
    unobservedWeight: options.unobservedWeight === 'auto' ? 'auto' : Number(options.unobservedWeight),
    regularization: Number(options.regularization),
    regularizationExponent: Number(options.regularizationExponent),
  });
  try {
    const artifact = await model.train(split.train, {
      seed: 1,
      threads: pool,
      signal: new AbortController().signal,
      onProgress(done) {
        if (done % 2 === 0) ends.push(readClocks());
      },
    });
    const epochs = ends.slice(2).map((end, index) => ({
      wall: end.wall - ends[index + 1].wall,
      processor: end.processor - ends[index + 1].processor,
    }));
    return { epochs, scorer: model.load(artifact) };
  } finally {
    await pool.close();
  }
}

/** Median milliseconds to fold in one shopper and score the whole catalogue. */
function timeOneShopper(scorer: Scorer, { train }: Split): number {
  const histories = historiesOf(train);
  const rows = Int32Array.from({ length: train.products.size }, (_, row) => row);
  const out = new Float32Array(scorer.products.size);
  const times: number[] = [];
  for (let user = 0; user < 1000; user++) {
    const history = histories.of(user, rows);
    const start = performance.now();
    scorer.scoreInto([history], out);
    times.push(performance.now() - start);
  }
  return medianOf(times);
}

/** Trains one configuration and prints its figures. */
async function report(split: Split, rank: number, threads: number, solver: string): Promise<void> {
  const { textbook, own } = operationsOf(preferencesOf(split.train), rank);
  const { epochs, scorer } = await timeTraining(split, rank, threads, solver);
  const median = medianOf(epochs.map(epoch => epoch.wall));
  const processor = medianOf(epochs.map(epoch => epoch.processor));
  console.log(
    `  solver ${solver}, ${threads} thread(s): median epoch ${median.toFixed(3)} s (${(own / median).toFixed(1)} GFLOP/s; ` +
      `minimum ${Math.min(...epochs.map(epoch => epoch.wall)).toFixed(3)} s), ` +
      `${processor.toFixed(3)} s of processor time (${(own / processor).toFixed(1)} GFLOP/s per core); ` +
      `textbook ALS at BLAS peak takes ≥ ${(textbook / blasGflops / threads).toFixed(3)} s`,
  );
  if (options.quality === '0' || threads !== numbers(options.threads).at(-1)) return;
  console.log(
    `  one shopper: ${timeOneShopper(scorer, split).toFixed(3)} ms (median of 1,000, folded in and all products scored)`,
  );
  const { full, users } = await evaluateScorer(scorer, split, {
    limitUsers: Number(options.limitUsers),
  });
  const metric = (name: 'recall@20' | 'ndcg@20') => full.means[name].toFixed(4);
  console.log(`  recall@20 ${metric('recall@20')}, NDCG@20 ${metric('ndcg@20')} over ${users} users`);
}

async function main(): Promise<void> {
  console.log(environmentLine());
  const split = await rankingSplit(readRankingPairs(options.folder));
  const preferences = preferencesOf(split.train);
  const { rows: users, columns: products, indices } = preferences;
  console.log(`${options.folder}: ${users} users, ${products} products, ${indices.length} pairs`);
  for (const rank of numbers(options.ranks)) {
    const { textbook, own } = operationsOf(preferences, rank);
    console.log(
      `rank ${rank}: textbook ${textbook.toFixed(1)} GFLOP per epoch, own solver, exact ${own.toFixed(1)}`,
    );
    for (const solver of options.solvers.split(',')) {
      for (const threads of numbers(options.threads)) await report(split, rank, threads, solver);
    }
  }
}

void main();
